package dev.natter.auth;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Guesses from a {@code User-Agent} what its owner would call the device. Browsers claim to be one another, so the
 * order matters: whoever copies a name comes before the one it is copied from.
 */
final class Device {
    private record Mark(Pattern sign, String name) {
        Mark(String sign, String name) {
            this(Pattern.compile(sign), name);
        }
    }

    private static final List<Mark> PROGRAMS = List.of(
            new Mark("\\bEdg(e|A|iOS)?/", "Edge"),
            new Mark("\\b(OPR|Opera)/", "Opera"),
            new Mark("\\bYaBrowser/", "Yandex Browser"),
            new Mark("\\bSamsungBrowser/", "Samsung Internet"),
            new Mark("\\b(Firefox|FxiOS)/", "Firefox"),
            new Mark("\\b(Chrome|CriOS)/", "Chrome"),
            new Mark("\\bSafari/", "Safari"));

    private static final List<Mark> SYSTEMS = List.of(
            new Mark("\\biPhone\\b", "iPhone"),
            new Mark("\\biPad\\b", "iPad"),
            new Mark("\\bAndroid\\b", "Android"),
            new Mark("\\bWindows\\b", "Windows"),
            new Mark("\\bMac ?OS\\b|\\bMacintosh\\b", "macOS"),
            new Mark("\\bCrOS\\b", "ChromeOS"),
            new Mark("\\bLinux\\b", "Linux"));

    private static final Pattern PRODUCT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}");
    private static final int LONGEST = 500;

    private Device() {}

    /** As in "Firefox on Linux"; null if nothing can be told. */
    static String of(String userAgent) {
        String text = userAgent.substring(0, Math.min(LONGEST, userAgent.length()));
        Optional<String> program = first(PROGRAMS, text).or(() -> product(text));
        Optional<String> system = first(SYSTEMS, text);
        return system.map(name -> program.map(by -> by + " on " + name).orElse(name))
                .or(() -> program)
                .orElse(null);
    }

    private static Optional<String> first(List<Mark> marks, String text) {
        return marks.stream()
                .filter(mark -> mark.sign().matcher(text).find())
                .map(Mark::name)
                .findFirst();
    }

    // "Mozilla" is what everybody says, and says nothing.
    private static Optional<String> product(String text) {
        Matcher product = PRODUCT.matcher(text);
        return product.lookingAt() && !product.group().equals("Mozilla")
                ? Optional.of(product.group().strip())
                : Optional.empty();
    }
}
