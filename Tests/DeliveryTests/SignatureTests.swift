import Duty
import Testing

@testable import Delivery

@Suite struct SignatureTests {
    /// Computed by the documented algorithm and confirmed with openssl.
    @Test func dingtalk() {
        let sign = DingtalkRobotChannel.signature(timestamp: "1577262236757", secret: "this is secret")
        #expect(sign == "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=")
        #expect(PercentEncoding.encode(sign) == "hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D")
    }

    /// Computed by the documented algorithm and confirmed with openssl.
    @Test func feishu() {
        let sign = FeishuRobotChannel.signature(timestamp: "1599360473", secret: "demo")
        #expect(sign == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=")
    }

    /// Published by Alibaba Cloud.
    @Test func alibaba() throws {
        let request = ACS3Signer.Request(
            host: "ecs.cn-shanghai.aliyuncs.com",
            action: "RunInstances",
            version: "2014-05-26",
            query: [
                ("RegionId", "cn-shanghai"),
                ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"),
            ],
            date: try #require(Instant(rfc3339: "2023-10-26T10:22:32Z")),
            nonce: "3156853299f313e23d1673dc12e1703d"
        )
        #expect(
            Hashing.sha256(ACS3Signer.canonicalRequest(request).utf8)
                == "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
        )
        let signer = ACS3Signer(accessKeyID: "YourAccessKeyId", accessKeySecret: "YourAccessKeySecret")
        let authorization = signer.headers(request).first { $0.0 == "authorization" }?.1
        #expect(
            authorization == "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
                + "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
                + "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
        )
    }

    /// Published by Tencent Cloud.
    @Test func tencent() {
        let body = Array(
            #"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#.utf8
        )
        #expect(
            Hashing.sha256(body) == "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064"
        )
        let headers = [
            ("content-type", "application/json; charset=utf-8"), ("host", "cvm.tencentcloudapi.com"),
        ]
        let now = Instant(seconds: 1_551_113_065)
        #expect(
            Hashing.sha256(TC3Signer.canonicalRequest(headers: headers, body: body).utf8)
                == "5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031"
        )
        let signer = TC3Signer(
            secretID: "AKID1",
            secretKey: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
            service: "cvm"
        )
        #expect(
            signer.authorization(headers: headers, body: body, at: now)
                == "TC3-HMAC-SHA256 Credential=AKID1/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, "
                + "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
        )
        let current = TC3Signer(
            secretID: "AKID1",
            secretKey: String(repeating: "*", count: 32),
            service: "cvm"
        )
        let signed = current.authorization(
            headers: headers + [("x-tc-action", "describeinstances")],
            body: body,
            at: now
        )
        #expect(signed.hasSuffix("10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"))
    }

    @Test func everythingButTheUnreservedIsEncoded() {
        #expect(PercentEncoding.encode("a-_.~ *+/中") == "a-_.~%20%2A%2B%2F%E4%B8%AD")
    }
}

@Suite struct TextLimitTests {
    @Test(arguments: [
        ("abc", 3, "abc"), ("abcd", 3, "…"), ("abcde", 4, "a…"), ("诉求单号", 12, "诉求单号"),
        ("诉求单号", 11, "诉求…"), ("👨‍👩‍👧诉求", 20, "…"), ("", 0, ""), ("诉求", 2, ""),
    ])
    func bytesEndBetweenCharacters(_ text: String, _ limit: Int, _ short: String) {
        #expect(TextLimit.bytes(text, limit) == short)
        #expect(TextLimit.bytes(text, limit).utf8.count <= limit)
    }

    @Test(arguments: [("诉求单号", 4, "诉求单号"), ("诉求单号", 3, "诉求…"), ("e\u{301}e\u{301}", 3, "e\u{301}…")])
    func scalarsAreCounted(_ text: String, _ limit: Int, _ short: String) {
        #expect(TextLimit.scalars(text, limit) == short)
    }
}
