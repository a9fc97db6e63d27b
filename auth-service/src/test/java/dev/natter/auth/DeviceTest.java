package dev.natter.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DeviceTest {
    @Test
    void aBrowserIsCalledWhatItsOwnerCallsIt() {
        Map.of(
                        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                        "Firefox on Linux",
                        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 "
                                + "Safari/537.36 Edg/138.0.0.0",
                        "Edge on Windows",
                        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                                + "Version/18.5 Safari/605.1.15",
                        "Safari on macOS",
                        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                                + "CriOS/138.0.0.0 Mobile/15E148 Safari/604.1",
                        "Chrome on iPhone",
                        "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 "
                                + "Chrome/130.0.0.0 Mobile Safari/537.36",
                        "Samsung Internet on Android",
                        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 "
                                + "YaBrowser/25.6.0.0 Safari/537.36",
                        "Yandex Browser on Windows")
                .forEach((userAgent, device) -> assertThat(Device.of(userAgent)).isEqualTo(device));
    }

    @Test
    void aProgramThatIsNoBrowserIsCalledByItsOwnName() {
        assertThat(Device.of("curl/8.5.0")).isEqualTo("curl");
        assertThat(Device.of("NatterBot/1.2 (Linux)")).isEqualTo("NatterBot on Linux");
        assertThat(Device.of("Java-http-client/25.0.1")).isEqualTo("Java-http-client");
    }

    @Test
    void whatTellsNothingIsNothing() {
        for (String text : new String[] {"", " ", "Mozilla/5.0", "<script>alert(1)</script>", "\0", "Привет"}) {
            assertThat(Device.of(text)).as(text).isNull();
        }
        assertThat(Device.of("x".repeat(60_000))).hasSize(40);
    }
}
