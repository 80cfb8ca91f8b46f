import ArgumentParser

/// Which configuration file a command reads.
struct ConfigurationOption: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: "配置文件(环境变量 DUTYCLOCK_CONFIG) the configuration file (environment: DUTYCLOCK_CONFIG)"
    )
    var path =
        Process.environment["DUTYCLOCK_CONFIG"].flatMap { $0.isEmpty ? nil : $0 } ?? "config/dutyclock.yaml"
}
