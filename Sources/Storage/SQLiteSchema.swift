import GRDB

/// The tables, and how older files become today's.
enum SQLiteSchema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 facts, matters, journal, ledger, notifications, dead letters") { db in
            try db.execute(sql: version1)
        }
        migrator.registerMigration("2 figures, channels of waiting notifications") { db in
            try db.execute(sql: version2)
        }
        migrator.registerMigration("silenced notifications") { db in
            try db.execute(sql: silences)
        }
        migrator.registerMigration("3 when notifications were last tried") { db in
            try db.execute(sql: version3)
        }
        migrator.registerMigration("figures by rule and day, clocks by their due date") { db in
            try db.execute(sql: board)
        }
        migrator.registerMigration("how long things took, and since when matters wait") { db in
            try db.execute(sql: waiting)
            try SQLiteStore.countFigures(db)
        }
        migrator.registerMigration("how many matters are open") { db in
            try SQLiteStore.countOpen(db)
        }
        migrator.registerMigration("waiting notifications by their class") { db in
            try db.execute(sql: classes)
        }
        migrator.registerMigration("until when matters in which nothing is owed may still change") { db in
            try db.execute(sql: undecided)
        }
        migrator.registerMigration("what corrections and voids are about") { db in
            try db.execute(sql: targets)
        }
        return migrator
    }()

    /// Most matters owe something, and have no place in this index.
    private static let undecided = """
        ALTER TABLE matter ADD COLUMN undecided_until INTEGER;
        CREATE INDEX matter_undecided ON matter (enterprise, undecided_until) WHERE undecided_until IS NOT NULL;
        """

    /// Corrections and voids are few, and so is their index; every other row has nothing in this column.
    private static let targets = """
        ALTER TABLE fact ADD COLUMN target TEXT;
        UPDATE fact SET target = json_extract(CAST(body AS TEXT), '$.d.targetId')
          WHERE source <> 'dutyclock' AND CAST(body AS TEXT) GLOB '{"k":"record.*';
        CREATE INDEX fact_target ON fact (target) WHERE target IS NOT NULL;
        """

    /// Moments are microseconds since 1970, UTC.
    ///
    /// Bodies are JSON.
    private static let version1 = """
        CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value NOT NULL) WITHOUT ROWID;

        CREATE TABLE fact (
          number INTEGER PRIMARY KEY,
          event_id TEXT NOT NULL, source TEXT NOT NULL, matter TEXT NOT NULL, body BLOB NOT NULL);
        CREATE UNIQUE INDEX fact_event ON fact (event_id, source);
        CREATE INDEX fact_matter ON fact (matter);

        CREATE TABLE matter (
          id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, enterprise TEXT, policy TEXT NOT NULL,
          is_open INTEGER NOT NULL, wake_at INTEGER, state BLOB NOT NULL);
        CREATE INDEX matter_wake ON matter (wake_at) WHERE wake_at IS NOT NULL;
        CREATE INDEX matter_enterprise ON matter (enterprise) WHERE is_open = 1;

        CREATE TABLE journal (
          sequence INTEGER PRIMARY KEY, matter TEXT, body BLOB NOT NULL, hash BLOB NOT NULL);

        CREATE TABLE ledger (
          sequence INTEGER PRIMARY KEY, entry_id TEXT NOT NULL UNIQUE, fine TEXT NOT NULL,
          body BLOB NOT NULL, hash BLOB NOT NULL);
        CREATE INDEX ledger_fine ON ledger (fine);

        CREATE TABLE notification (
          key TEXT PRIMARY KEY NOT NULL, matter TEXT NOT NULL, state TEXT NOT NULL, urgency INTEGER NOT NULL,
          next_at INTEGER, body BLOB NOT NULL, attempts BLOB, acknowledged_by TEXT, acknowledged_at INTEGER,
          acknowledged_via TEXT);
        CREATE INDEX notification_next ON notification (urgency, next_at) WHERE next_at IS NOT NULL;
        CREATE INDEX notification_matter ON notification (matter);
        CREATE INDEX notification_sending ON notification (state) WHERE state = 'sending';

        CREATE TABLE dead_letter (
          number INTEGER PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL, offset INTEGER NOT NULL,
          key BLOB, value BLOB, headers BLOB NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL,
          at INTEGER NOT NULL, state TEXT NOT NULL);
        CREATE INDEX dead_letter_state ON dead_letter (state);

        CREATE TABLE consumed (
          topic TEXT NOT NULL, partition INTEGER NOT NULL, next INTEGER NOT NULL,
          PRIMARY KEY (topic, partition)) WITHOUT ROWID;

        CREATE TABLE policy (version TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
        """

    /// The silence that keeps a notification back; such rows are few, and so is their index.
    private static let silences = """
        ALTER TABLE notification ADD COLUMN silence TEXT;
        CREATE INDEX notification_silence ON notification (silence) WHERE silence IS NOT NULL;
        """

    /// How every rule was kept, by the day of the due date, and the matters whose clocks run, by when the first of
    /// them is due; the sums of the earlier version are counted anew.
    private static let board = """
        DELETE FROM figure;
        CREATE TABLE tally (
          day INTEGER NOT NULL, rule TEXT NOT NULL, outcome TEXT NOT NULL, late INTEGER NOT NULL,
          value INTEGER NOT NULL, PRIMARY KEY (day, rule, outcome, late)) WITHOUT ROWID;

        ALTER TABLE matter ADD COLUMN due_at INTEGER;
        CREATE INDEX matter_due ON matter (due_at, id) WHERE due_at IS NOT NULL;
        CREATE INDEX matter_closed ON matter (enterprise) WHERE is_open = 0;
        CREATE INDEX notification_trouble ON notification (state)
          WHERE state IN ('uncertain', 'gaveUp', 'failed');
        """

    /// Times and ages come with the sums, so that all are counted anew; what waits has an index of its own, as it is a
    /// few days of many.
    private static let waiting = """
        DELETE FROM figure;
        DELETE FROM tally;
        CREATE INDEX tally_waiting ON tally (day, value) WHERE outcome = 'waiting' AND value <> 0;
        """

    /// Classes whose channels have no room are not looked at, however much waits for them.
    private static let classes = """
        DROP INDEX notification_next;
        CREATE INDEX notification_next ON notification (class, urgency, next_at, channel)
          WHERE next_at IS NOT NULL;
        """

    /// Figures are sums over all matters, kept by the commits that change them.
    ///
    /// A waiting notification is counted by its class, then by the channel of its next try, from the index alone.
    private static let version2 = """
        CREATE TABLE figure (name TEXT PRIMARY KEY NOT NULL, value INTEGER NOT NULL) WITHOUT ROWID;

        ALTER TABLE notification ADD COLUMN class TEXT NOT NULL DEFAULT '';
        ALTER TABLE notification ADD COLUMN channel TEXT;
        UPDATE notification SET class = json_extract(CAST(body AS TEXT), '$.class');
        DROP INDEX notification_next;
        CREATE INDEX notification_next ON notification (urgency, next_at, class, channel)
          WHERE next_at IS NOT NULL;
        """

    /// Budgets that look back a day find what they have to count without reading the whole table.
    ///
    /// What a file of an earlier version holds was tried at the end of its last attempt.
    private static let version3 = """
        ALTER TABLE notification ADD COLUMN tried_at INTEGER;
        UPDATE notification SET tried_at = (
          SELECT max(coalesce(json_extract(attempt.value, '$.finished'), json_extract(attempt.value, '$.started')))
          FROM json_each(CAST(notification.attempts AS TEXT)) AS attempt)
          WHERE attempts IS NOT NULL;
        CREATE INDEX notification_tried ON notification (tried_at) WHERE tried_at IS NOT NULL;
        """
}
