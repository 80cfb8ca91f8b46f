import Dispatch

/// A thread of its own for work that keeps a processor busy for milliseconds at a time.
///
/// The threads that all tasks share are as many as there are processors: on two of them, a batch being derived and
/// one being decoded would leave none for a page or a message that needs a tenth of that time, step by step.
final class Lane: TaskExecutor {
    private let queue: DispatchQueue

    /// `label` is what debuggers show.
    init(_ label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        queue.async { job.runSynchronously(on: executor) }
    }
}
