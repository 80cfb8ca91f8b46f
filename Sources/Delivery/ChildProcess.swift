import CSpawn
import Glibc

/// One program from its start to its end, in a process group of its own; blocks its thread.
enum ChildProcess {
    enum End: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)
        /// It and all of its group were killed.
        case timedOut
        /// Temporary: for want of memory or processes.
        case notStarted(isTemporary: Bool)
    }

    /// What a program gets of this process's environment: where programs are, whose home, and UTF-8.
    ///
    /// Secrets of the daemon that stand in its environment are not handed on.
    static var usualEnvironment: [String: String] {
        var result = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"]
        for name in ["PATH", "HOME", "TZ"] {
            if let value = getenv(name) { result[name] = String(cString: value) }
        }
        return result
    }

    /// Runs `words` with `input` on standard input; what it writes goes nowhere, for it may hold anything.
    static func run(
        _ words: [String],
        environment: [String: String],
        input: [UInt8],
        timeout: Duration
    ) -> End {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return .notStarted(isTemporary: true) }
        defer { close(ends[1]) }
        var child = pid_t()
        let status = spawn(words, environment, standardInput: ends[0], &child)
        close(ends[0])
        guard status == 0 else { return .notStarted(isTemporary: status == EAGAIN || status == ENOMEM) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        return attend(child, input, into: ends[1], until: ContinuousClock.now + timeout)
    }

    private static func spawn(
        _ words: [String],
        _ environment: [String: String],
        standardInput: Int32,
        _ child: inout pid_t
    ) -> Int32 {
        guard let program = words.first else { return ENOENT }
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_adddup2(&files, standardInput, STDIN_FILENO)
        for stream in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&files, stream, "/dev/null", O_WRONLY, 0)
        }
        // Sockets and databases of the daemon are none of the program's business, nor is another program's pipe.
        posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))

        return withCStrings(words) { arguments in
            withCStrings(environment.map { "\($0.key)=\($0.value)" }.sorted()) { variables in
                posix_spawnp(&child, program, &files, &attributes, arguments, variables)
            }
        }
    }

    /// Feeds the program and waits for its end; both at once, for it need not read to the end before it ends.
    private static func attend(
        _ child: pid_t,
        _ input: [UInt8],
        into pipe: Int32,
        until deadline: ContinuousClock.Instant
    ) -> End {
        var rest = input[...]
        var isOpen = true
        while true {
            if isOpen { isOpen = feed(pipe, &rest) }
            var status: Int32 = 0
            let found = waitpid(child, &status, WNOHANG)
            if found == child { return end(status) }
            // Somebody else has reaped it: how it ended is not known.
            if found < 0, errno != EINTR { return .signalled(0) }
            guard ContinuousClock.now < deadline else {
                kill(-child, SIGKILL)
                while waitpid(child, &status, 0) < 0, errno == EINTR {}
                return .timedOut
            }
            usleep(5_000)
        }
    }

    /// Writes what the pipe takes; false once there is nothing more to write, or nobody who reads.
    private static func feed(_ pipe: Int32, _ rest: inout ArraySlice<UInt8>) -> Bool {
        while !rest.isEmpty {
            let count = withoutPipeSignal { rest.withUnsafeBytes { write(pipe, $0.baseAddress, $0.count) } }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN || errno == EINTR {
                return true
            } else {
                break
            }
        }
        // The end of the pipe is the end of the input; the number itself is given back by `run`.
        let nowhere = open("/dev/null", O_WRONLY)
        if nowhere >= 0 {
            dup2(nowhere, pipe)
            close(nowhere)
        }
        return false
    }

    /// A program that does not read its input must not end this one; the thread serves this call alone.
    private static func withoutPipeSignal(_ body: () -> Int) -> Int {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        return body()
    }

    /// The parts of a wait status (wait(2)); the macros are not visible from Swift.
    private static func end(_ status: Int32) -> End {
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }

    private static func withCStrings<Result>(
        _ texts: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = texts.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }
}
