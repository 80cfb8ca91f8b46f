import Duty
import Testing

@testable import ProviderDouble

/// The signatures that the double expects, held to the vectors that providers publish.
@Suite struct SignatureVectorTests {
    @Test func dingtalk() {
        let signature = DingtalkRobotAPI.signature(timestamp: "1577262236757", secret: "this is secret")
        #expect(signature == "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=")
    }

    @Test func feishu() {
        let signature = FeishuRobotAPI.signature(timestamp: "1599360473", secret: "demo")
        #expect(signature == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=")
    }

    /// The example of Alibaba Cloud's page on the signature V3.
    @Test func acs3() {
        let headers = [
            "host": "ecs.cn-shanghai.aliyuncs.com",
            "x-acs-action": "RunInstances",
            "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "x-acs-date": "2023-10-26T10:22:32Z",
            "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
            "x-acs-version": "2014-05-26",
        ]
        let request = DoubleRequest(
            method: "POST",
            path: "/",
            query: "RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            headers: headers,
            body: []
        )
        let signature = ACS3Signature.signature(request, headers.keys.sorted(), "YourAccessKeySecret")
        #expect(signature == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")
    }

    /// The example of Tencent Cloud's page on the signature v3.
    @Test func tc3() {
        let body = #"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#
        let request = DoubleRequest(
            method: "POST",
            path: "/",
            query: nil,
            headers: [
                "host": "cvm.tencentcloudapi.com",
                "content-type": "application/json; charset=utf-8",
                "x-tc-timestamp": "1551113065",
            ],
            body: Array(body.utf8)
        )
        let signature = TencentAPI.signature(
            request,
            signed: ["content-type", "host"],
            service: "cvm",
            secret: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"
        )
        #expect(signature == "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168")
    }
}
