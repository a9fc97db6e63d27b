package dev.natter.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.natter.platform.http.Refused;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntakeTest {
    @TempDir
    Path root;

    private DiskStore store;
    private Intake intake;

    @BeforeEach
    void open() {
        var config = new MediaConfig(
                root,
                1 << 20,
                10,
                10,
                1 << 20,
                1_000_000,
                50,
                2,
                0,
                Duration.ofHours(1),
                Duration.ofHours(1),
                URI.create("http://localhost"));
        store = new DiskStore(root, 0);
        intake = new Intake(config, store, new Pictures(2));
    }

    @AfterEach
    void close() {
        intake.close();
    }

    @Test
    void aPictureWithNothingToHideStaysAsItIs() throws IOException {
        for (byte[] plain : new byte[][] {Specimens.png(64, 48), Specimens.jpeg(64, 48)}) {
            Intake.Item item = take(plain);

            assertThat(bytes(item.bytes())).isEqualTo(plain);
            assertThat(item.info().width()).isEqualTo(64);
            assertThat(item.info().height()).isEqualTo(48);
            assertThat(item.info().thumbnailUrl()).endsWith("/thumbnail");
        }
    }

    @Test
    void aPhotographLosesWhatItTells() throws IOException {
        byte[] photograph = Specimens.photograph(400, 200, 1);

        Intake.Item item = take(photograph);

        assertThat(text(bytes(item.bytes()))).doesNotContain("GPS", "Exif", "Photoshop", "xmpmeta", "<script>");
        assertThat(bytes(item.bytes())).isEqualTo(Specimens.jpeg(400, 200));
    }

    @Test
    void aPhotographIsTurnedUpright() throws IOException {
        for (int orientation = 1; orientation <= 8; orientation++) {
            Intake.Item item = take(Specimens.photograph(400, 200, orientation));

            BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes(item.bytes())));
            boolean lying = orientation >= 5;
            assertThat(image.getWidth()).isEqualTo(lying ? 200 : 400);
            assertThat(item.info().width()).isEqualTo(image.getWidth());
            assertThat(item.info().height()).isEqualTo(image.getHeight());
            assertThat(text(bytes(item.bytes()))).doesNotContain("GPS", "Exif");
            BufferedImage small = ImageIO.read(new ByteArrayInputStream(bytes(item.thumbnail())));
            assertThat(Math.max(small.getWidth(), small.getHeight())).isEqualTo(Pictures.THUMBNAIL);
            // The red half was on the left: EXIF 2.32 says where each value puts it.
            String red = "left right right left top top bottom bottom".split(" ")[orientation - 1];
            assertThat(isRed(image, red)).as("orientation " + orientation).isTrue();
            assertThat(isRed(small, red)).as("thumbnail of " + orientation).isTrue();
        }
    }

    @Test
    void aChattyPngFallsSilent() throws IOException {
        Intake.Item item = take(Specimens.chattyPng(30, 30));

        assertThat(bytes(item.bytes())).isEqualTo(Specimens.png(30, 30));
    }

    @Test
    void anAnimationKeepsItsFramesAndLosesItsComments() throws IOException {
        Intake.Item item = take(Specimens.gif(5));

        byte[] stored = bytes(item.bytes());
        assertThat(text(stored)).doesNotContain("GPS");
        var reader = ImageIO.getImageReadersByFormatName("gif").next();
        reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(stored)));
        assertThat(reader.getNumImages(true)).isEqualTo(5);
        assertThat(item.info().contentType()).isEqualTo("image/gif");
    }

    @Test
    void aWebpLosesItsExifAndItsFlags() throws IOException {
        Intake.Item item = take(Specimens.webp(1));

        byte[] stored = bytes(item.bytes());
        assertThat(text(stored)).doesNotContain("GPS", "EXIF", "XMP");
        assertThat(stored[20] & 0x0c).isZero();
        assertThat(item.info().contentType()).isEqualTo("image/webp");
        assertThat(item.info().width()).isEqualTo(1);
        assertThat(item.info().thumbnailUrl()).isNotNull();
        assertThat(Integer.reverseBytes(ByteBuffer.wrap(stored).getInt(4))).isEqualTo(stored.length - 8);
    }

    @Test
    void aBombIsRefusedUnopened() {
        assertRefused(Specimens.pngBomb(60_000, 60_000), "too_many_pixels");
        assertRefused(Specimens.pngBomb(Integer.MAX_VALUE, Integer.MAX_VALUE), "too_many_pixels");
        byte[] gif = Specimens.gif(1);
        for (int i = 0; i < gif.length - 9; i++) {
            if (gif[i] == 0x2c) {
                Arrays.fill(gif, i + 5, i + 9, (byte) 0xff);
                break;
            }
        }
        assertRefused(gif, "too_many_pixels");
        assertRefused(Specimens.gif(51), "too_many_frames");
    }

    @Test
    void whatOnlyBeginsAsAPictureIsRefused() {
        byte[] png = Specimens.png(64, 64);
        assertRefused(Arrays.copyOf(png, png.length / 2), "unreadable_picture");
        assertRefused("GIF89a/*<script>alert(1)</script>*/=1;".getBytes(StandardCharsets.UTF_8), "unreadable_picture");
        assertRefused(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff}, "unreadable_picture");
        assertRefused("RIFF\0\0\0\0WEBP".getBytes(StandardCharsets.ISO_8859_1), "unreadable_picture");
    }

    @Test
    void aWebpWhoseHeaderIsNoHeaderIsRefused() {
        byte[] webp = Specimens.webp(1);
        Arrays.fill(webp, 4, 7, (byte) 0xff);
        webp[16] += 2;
        assertRefused(
                Specimens.concat(Arrays.copyOf(webp, 30), new byte[2], Arrays.copyOfRange(webp, 30, webp.length)),
                "unreadable_picture");
    }

    @Test
    void noDamageToAPictureIsAnythingButARefusal() {
        var random = new Random(42);
        byte[][] seeds = {
            Specimens.photograph(40, 30, 6), Specimens.chattyPng(40, 30), Specimens.gif(3), Specimens.webp(6)
        };
        for (int round = 0; round < 600; round++) {
            byte[] damaged = seeds[round % seeds.length].clone();
            for (int i = 0; i <= random.nextInt(8); i++) {
                damaged[12 + random.nextInt(damaged.length - 12)] = (byte) random.nextInt(256);
            }
            byte[] cut =
                    random.nextInt(4) == 0 ? Arrays.copyOf(damaged, 13 + random.nextInt(damaged.length - 13)) : damaged;
            try {
                take(cut);
            } catch (Refused refused) {
                assertThat(refused.problem().status()).as("round " + round).isEqualTo(422);
            }
        }
    }

    @Test
    void photographsThatCannotBeCleanedAreRefused() {
        byte[] tiff = Specimens.concat("II*\0".getBytes(StandardCharsets.ISO_8859_1), new byte[100]);
        byte[] heic = Specimens.concat(
                "\0\0\0\u0018ftypheic\0\0\0\0heicmif1".getBytes(StandardCharsets.ISO_8859_1), new byte[100]);

        for (byte[] file : new byte[][] {tiff, heic}) {
            assertThatThrownBy(() -> take(file))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.problem().status()).isEqualTo(415));
        }
    }

    @Test
    void aDiskWithLittleRoomLeftTakesNothing() {
        var full = new DiskStore(root, Long.MAX_VALUE);

        assertThatThrownBy(full::draft).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.problem().status()).isEqualTo(503);
            assertThat(refused.problem().retryable()).isTrue();
        });
    }

    @Test
    void anAvatarIsSmallAndSquare() throws IOException {
        Intake.Avatar avatar = intake.avatar(part(Specimens.photograph(900, 500, 6)));

        BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes(avatar.bytes())));
        assertThat(image.getWidth()).isEqualTo(Pictures.AVATAR);
        assertThat(image.getHeight()).isEqualTo(Pictures.AVATAR);
        assertThat(isRed(image, "top")).isTrue();
        assertThat(text(bytes(avatar.bytes()))).doesNotContain("GPS", "Exif");
    }

    private void assertRefused(byte[] file, String code) {
        assertThatThrownBy(() -> take(file)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.problem().status()).isEqualTo(422);
            assertThat(refused.problem().errors().getFirst().code()).isEqualTo(code);
        });
    }

    private Intake.Item take(byte[] file) {
        return intake.take(part(file));
    }

    private Upload.Part part(byte[] file) {
        Draft draft = store.draft();
        draft.write(file, 0, file.length);
        return new Upload.Part("name", draft.finish());
    }

    private static boolean isRed(BufferedImage image, String where) {
        int x = where.equals("left") ? 5 : where.equals("right") ? image.getWidth() - 5 : image.getWidth() / 2;
        int y = where.equals("top") ? 5 : where.equals("bottom") ? image.getHeight() - 5 : image.getHeight() / 2;
        var colour = new Color(image.getRGB(x, y));
        return colour.getRed() > 200 && colour.getBlue() < 60;
    }

    private static byte[] bytes(Draft draft) throws IOException {
        return Files.readAllBytes(draft.path());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
