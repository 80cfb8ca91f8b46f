/// A type of input event, without the `park.` in front and the `.v1` behind.
///
/// The order of the cases settles facts of the same moment: what opens stands before what answers.
package enum EventKind: String, Sendable, CaseIterable {
    case calendarPublished = "calendar.published"
    case enterpriseRegistered = "enterprise.registered"
    case enterpriseUpdated = "enterprise.updated"
    case rosterAssigned = "roster.assigned"
    case rosterEnded = "roster.ended"
    case complaintFiled = "complaint.filed"
    case complaintReopened = "complaint.reopened"
    case complaintAssigned = "complaint.assigned"
    case complaintClassified = "complaint.classified"
    case complaintSolutionProposed = "complaint.solution.proposed"
    case complaintResponded = "complaint.responded"
    case complaintResolved = "complaint.resolved"
    case complaintRated = "complaint.rated"
    case complaintWithdrawn = "complaint.withdrawn"
    case serviceRequested = "service.requested"
    case servicePaused = "service.paused"
    case serviceResumed = "service.resumed"
    case serviceStepCompleted = "service.step.completed"
    case serviceCompleted = "service.completed"
    case serviceCancelled = "service.cancelled"
    case feeQuoted = "fee.quoted"
    case approvalMaterialRequested = "approval.material.requested"
    case approvalIntermediaryRequired = "approval.intermediary.required"
    case projectMilestone = "project.milestone"
    case visitPlanned = "visit.planned"
    case visitContacted = "visit.contacted"
    case visitEscortAssigned = "visit.escort.assigned"
    case visitStarted = "visit.started"
    case visitEnded = "visit.ended"
    case visitCancelled = "visit.cancelled"
    case caseOpened = "case.opened"
    case penaltyDecided = "penalty.decided"
    case penaltyServed = "penalty.served"
    case penaltyExecuted = "penalty.executed"
    case reportMade = "report.made"
    case caseClosed = "case.closed"
    case fineIssued = "fine.issued"
    case fineRevised = "fine.revised"
    case fineRevoked = "fine.revoked"
    case fineAttributed = "fine.attributed"
    case fineShareSettled = "fine.share.settled"
    case clueTransferred = "clue.transferred"
    case clueFedback = "clue.fedback"
    case dutyPerformed = "duty.performed"
    case assessmentPublished = "assessment.published"
    case enterpriseDeregistered = "enterprise.deregistered"
    case notificationAcknowledged = "notification.acknowledged"
    case escalationRequested = "escalation.requested"
    case silenceSet = "silence.set"
    case silenceEnded = "silence.ended"
    case recordCorrected = "record.corrected"
    case recordVoided = "record.voided"

    /// The CloudEvents `type`: `park.complaint.filed.v1`.
    package var typeName: String { "park." + rawValue + ".v1" }

    /// The kind with this CloudEvents `type`, or nil if the catalogue has none.
    package init?(typeName: String) {
        guard let kind = EventKind.byTypeName[typeName] else { return nil }
        self = kind
    }

    private static let byTypeName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.typeName, $0) })

    /// Place among the cases, and so among facts of the same moment.
    var ordinal: Int { withUnsafeBytes(of: self) { Int($0[0]) } }

    /// What is about the telling alone: it changes nothing of what anybody owes, and opens no matter.
    var isAboutTelling: Bool { self == .notificationAcknowledged || self == .escalationRequested }

    /// Facts that mean nothing until the fact that opens their matter is there.
    package var needsOpening: Bool {
        switch self {
        case .complaintReopened, .complaintAssigned, .complaintClassified, .complaintSolutionProposed,
            .complaintResponded, .complaintResolved, .complaintRated, .complaintWithdrawn, .fineRevised,
            .fineRevoked, .fineAttributed, .fineShareSettled, .recordCorrected, .recordVoided,
            .escalationRequested:
            true
        default: false
        }
    }
}
