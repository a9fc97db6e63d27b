package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code /docs} in a real browser. */
@BothArrangements
@Tag("browser")
class DocsTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    private final World world;

    DocsTest(Arrangement arrangement) {
        this.world = arrangement.world();
    }

    @Test
    void thePageShowsEveryOperationAndAsksNoOtherHost() {
        assumeTrue(Files.isExecutable(CHROMIUM) || "true".equals(System.getenv("CI")), "No Chromium here; CI has one");
        var asked = ConcurrentHashMap.<String>newKeySet();
        List<String> complaints = new CopyOnWriteArrayList<>();
        try (var playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                var browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(CHROMIUM)
                                .setArgs(List.of("--no-sandbox")))) {
            Page page = browser.newPage();
            page.onRequest(request -> asked.add(URI.create(request.url()).getAuthority() + ""));
            page.onPageError(complaints::add);
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    complaints.add(message.text());
                }
            });

            page.navigate(world.base().resolve("/docs").toString());
            page.locator(".opblock").first().waitFor();

            assertThat(page.locator(".opblock").count())
                    .isEqualTo(Contract.natter().operations().size());
            assertThat(page.locator(".info .title").textContent()).contains("Natter");
            page.locator("#operations-messages-sendMessage .opblock-summary").click();
            page.locator("#operations-messages-sendMessage .responses-inner").waitFor();
        }
        assertThat(complaints).isEmpty();
        assertThat(asked).containsOnly(world.base().getAuthority());
    }
}
