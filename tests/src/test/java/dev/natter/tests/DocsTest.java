package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import dev.natter.testing.Protocol;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code /docs} and {@code /docs/live} in a real browser. */
@EachArrangement
@Tag("browser")
class DocsTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    private final World world;

    DocsTest(Arrangement arrangement) {
        this.world = arrangement.world();
    }

    @Test
    void thePageShowsEveryOperationAndAsksNoOtherHost() {
        browse(page -> {
            page.navigate(world.base().resolve("/docs").toString());
            page.locator(".opblock").first().waitFor();

            assertThat(page.locator(".opblock").count())
                    .isEqualTo(Contract.natter().operations().size());
            assertThat(page.locator(".info .title").textContent()).contains("Natter");
            page.locator("#operations-messages-sendMessage .opblock-summary").click();
            page.locator("#operations-messages-sendMessage .responses-inner").waitFor();
        });
    }

    @Test
    void thePageBesideItShowsEveryFrameAndEvent() {
        browse(page -> {
            page.navigate(world.base().resolve("/docs/live").toString());
            page.locator("article.event").first().waitFor();

            for (String message :
                    Protocol.natter().document().at("/components/messages").propertyNames()) {
                assertThat(page.locator("[id=\"" + message + "\"]").count())
                        .as(message)
                        .isEqualTo(1);
            }
            for (String link : page.locator("a[href^='#']").all().stream()
                    .map(shown -> shown.getAttribute("href").substring(1))
                    .distinct()
                    .toList()) {
                assertThat(page.locator("[id=\"" + link + "\"]").count())
                        .as(link)
                        .isEqualTo(1);
            }
            page.locator("nav a[href='/docs']").click();
            page.locator(".opblock").first().waitFor();
        });
    }

    private void browse(Consumer<Page> visit) {
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
            visit.accept(page);
        }
        assertThat(complaints).isEmpty();
        assertThat(asked).containsOnly(world.base().getAuthority());
    }
}
