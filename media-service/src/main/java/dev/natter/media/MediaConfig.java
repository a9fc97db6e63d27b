package dev.natter.media;

import io.helidon.config.Config;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;

/**
 * What media-service can be told; each key is explained in {@code application.yaml}.
 *
 * @param root the folder that holds {@code media/}
 * @param fileMaxBytes the largest file
 * @param filesMax most files in one upload
 * @param messageFilesMax most files of one message
 * @param avatarMaxBytes the largest picture that can become an avatar
 * @param imageMaxPixels the largest picture that is decoded
 * @param imageMaxFrames the longest animation
 * @param imagePermits how many pictures are decoded at the same time
 * @param diskReserve bytes of the disk that uploads leave free
 * @param sweepEvery how often bytes without an owner are looked for
 * @param urlLifetime how long a signed url stays valid at least
 * @param messageUrl message-service's internal listener
 */
record MediaConfig(
        Path root,
        long fileMaxBytes,
        int filesMax,
        int messageFilesMax,
        long avatarMaxBytes,
        long imageMaxPixels,
        int imageMaxFrames,
        int imagePermits,
        long diskReserve,
        Duration sweepEvery,
        Duration urlLifetime,
        URI messageUrl) {

    MediaConfig {
        positive("media.file.max.bytes", fileMaxBytes);
        positive("media.files.max", filesMax);
        positive("media.message.files.max", messageFilesMax);
        positive("media.avatar.max.bytes", avatarMaxBytes);
        positive("media.image.max.pixels", imageMaxPixels);
        positive("media.image.max.frames", imageMaxFrames);
        positive("media.image.permits", imagePermits);
        positive("media.sweep.every", sweepEvery.toSeconds());
        positive("file.url.lifetime", urlLifetime.toSeconds());
    }

    static MediaConfig from(Config config) {
        return new MediaConfig(
                Path.of(text(config, "media.root")),
                number(config, "media.file.max.bytes"),
                (int) number(config, "media.files.max"),
                (int) number(config, "media.message.files.max"),
                number(config, "media.avatar.max.bytes"),
                number(config, "media.image.max.pixels"),
                (int) number(config, "media.image.max.frames"),
                (int) number(config, "media.image.permits"),
                number(config, "media.disk.reserve.bytes"),
                duration(config, "media.sweep.every"),
                duration(config, "file.url.lifetime"),
                config.get("message.url").as(URI.class).get());
    }

    private static String text(Config config, String key) {
        return config.get(key)
                .asString()
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> new IllegalArgumentException(key + " must be set"));
    }

    private static long number(Config config, String key) {
        String text = text(config, key);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(key + ": '" + text + "' is not a whole number", notANumber);
        }
    }

    private static Duration duration(Config config, String key) {
        String text = text(config, key);
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException notADuration) {
            throw new IllegalArgumentException(key + ": '" + text + "' is not a duration such as PT1H", notADuration);
        }
    }

    private static void positive(String key, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " must be at least 1, not " + value);
        }
    }
}
