import CRdkafka
import Glibc

/// Threads of the operating system, for calls that block: the cooperative pool must never wait in C.
enum KernelThread {
    private static let stackBytes = 1 << 20

    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a detached thread that ends with `body`; the kernel keeps 15 bytes of the name.
    static func start(_ name: StaticString, _ body: @escaping @Sendable () -> Void) throws(KafkaError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackBytes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let box = Unmanaged.passRetained(
            Body {
                name.withUTF8Buffer { text in
                    text.withMemoryRebound(to: CChar.self) { crdkafka_name_thread($0.baseAddress) }
                }
                body()
            }
        )
        var thread = pthread_t()
        let status = pthread_create(&thread, &attributes, runBody, box.toOpaque())
        guard status == 0 else {
            box.release()
            throw KafkaError(RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE, String(cString: strerror(status)))
        }
    }

    private static let runBody: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
        argument in
        guard let argument else { return nil }
        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
    }

    /// Runs one blocking call on a thread of its own and waits for it without blocking.
    static func call<Value: Sendable>(
        _ name: StaticString,
        _ body: @escaping @Sendable () throws(KafkaError) -> Value
    ) async throws(KafkaError) -> Value {
        let result: Result<Value, KafkaError> = await withCheckedContinuation { continuation in
            do throws(KafkaError) {
                try start(name) {
                    do throws(KafkaError) {
                        continuation.resume(returning: .success(try body()))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }
}
