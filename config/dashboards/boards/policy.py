"""What the dashboards know of the shipped policy, config/policy/hengyang-2023-4.yaml; a test compares it with that."""

# The rules of the policy's rates of the same names.
REPORTED = ("A25.case", "A25.penalty")
VISITS = ("A24.meeting", "A24.meeting.body", "A25.visits")
UNESCORTED = ("A21.contact", "A21.lead", "A21.escort")
QUIET_DAYS = ("A19.window",)
ATTRIBUTIONS = ("A22.attribution",)

# Rules that find a wrong rather than time somebody: of the kinds amount, gate, practice and window. What they found
# stays until the record is put right, so it is no clock.
NO_CLOCKS = (
    "A04.material", "A04.once", "A07.price", "A07.steps.lv", "A07.steps.proactive", "A08.designated", "A08.fee",
    "A14.intermediary", "A14.offList", "A14.designated", "A19.window", "A21.contact", "A21.lead", "A21.lead.advice",
    "A21.escort", "A21.merge", "A25.case", "A25.penalty", "A25.penalty.served", "A25.penalty.executed", "A26.brand",
    "A28.award",
)  # fmt: skip
