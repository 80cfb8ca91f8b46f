import Duty

/// Jobs of one channel by urgency and age, from which all of one kind can be taken at once.
struct ReadyQueue {
    /// A place in the heap; it is void once its job is gone.
    private struct Place: Comparable {
        let job: Job
        static func < (left: Place, right: Place) -> Bool { left.job < right.job }
        static func == (left: Place, right: Place) -> Bool { left.job == right.job }
    }

    private var heap = PriorityQueue<Place>()
    private var jobs: [String: Job] = [:]
    private var kinds: [Job.Kind: Set<String>] = [:]

    var isEmpty: Bool { jobs.isEmpty }
    var count: Int { jobs.count }
    var all: Dictionary<String, Job>.Values { jobs.values }

    func count(of kind: Job.Kind) -> Int { kinds[kind]?.count ?? 0 }

    /// The jobs of a kind, the most urgent and oldest first.
    func jobs(of kind: Job.Kind) -> [Job] { (kinds[kind] ?? []).compactMap { jobs[$0] }.sorted() }

    mutating func insert(_ job: Job) {
        jobs[job.key] = job
        if let kind = job.kind { kinds[kind, default: []].insert(job.key) }
        heap.insert(Place(job: job))
    }

    /// The most urgent one, which stays.
    mutating func first() -> Job? {
        while let place = heap.first {
            // A job that came back under its key stands in the heap twice, and counts once.
            if let job = jobs[place.job.key], job == place.job { return job }
            _ = heap.popFirst()
        }
        return nil
    }

    mutating func remove(_ key: String) -> Job? {
        guard let job = jobs.removeValue(forKey: key) else { return nil }
        if let kind = job.kind {
            kinds[kind]?.remove(key)
            if kinds[kind]?.isEmpty ?? false { kinds[kind] = nil }
        }
        if heap.count > 2 * jobs.count + 64 { clear() }
        return job
    }

    /// Frees the places of jobs that are gone.
    private mutating func clear() {
        heap = PriorityQueue()
        for job in jobs.values { heap.insert(Place(job: job)) }
    }

    /// All jobs, in no order; the queue is empty afterwards.
    mutating func removeAll() -> [Job] {
        defer { self = ReadyQueue() }
        return Array(jobs.values)
    }
}
