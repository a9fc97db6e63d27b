package dev.natter.media;

import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Problem.FieldError;
import dev.natter.platform.http.Refused;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;

/** Every way in which media-service says no. */
final class Problems {
    private static final System.Logger LOG = System.getLogger(Problems.class.getName());

    private Problems() {}

    static Refused noMessage() {
        return Problem.notFound("message").refuse();
    }

    static Refused noFile() {
        return Problem.notFound("file").refuse();
    }

    static Refused notTheSender() {
        return Problem.of(403, "forbidden", "Only a message's sender can attach files to it.")
                .refuse();
    }

    static Refused badSignature() {
        return Problem.of(403, "forbidden", "This address is not valid, or not any more; load the message again.")
                .refuse();
    }

    static Problem noSuchRange() {
        return Problem.of(416, "range_not_satisfiable", "The file has no such bytes.");
    }

    static Refused malformed(String why) {
        return Problem.malformed(why).refuse();
    }

    static Refused notMultipart() {
        return Problem.of(415, "unsupported_media_type", "Files are uploaded as multipart/form-data.")
                .refuse();
    }

    static Refused unstrippable(String type) {
        String why = "Pictures of the type " + type + " can carry hidden data that can't be removed here;"
                + " send them as JPEG, PNG, GIF or WebP.";
        return Problem.of(415, "unsupported_media_type", why).refuse();
    }

    static Refused notAPicture() {
        return Problem.of(415, "unsupported_media_type", "An avatar is a JPEG, PNG, GIF or WebP picture.")
                .refuse();
    }

    static Refused fileTooLarge(long limit) {
        return Problem.of(413, "payload_too_large", "A file may have at most " + limit + " bytes.")
                .refuse();
    }

    static Refused bodyTooLarge(long limit) {
        return Problem.of(413, "payload_too_large", "An upload may have at most " + limit + " bytes.")
                .refuse();
    }

    static Refused noFiles() {
        return invalid("required", "At least one part must be a file.");
    }

    static Refused emptyFile() {
        return invalid("empty", "A file must not be empty.");
    }

    static Refused tooManyFiles(int limit) {
        return invalid("too_many", "An upload may have at most " + limit + " files.");
    }

    static Refused messageFull(int limit) {
        return invalid("too_many", "A message carries at most " + limit + " files.");
    }

    static Refused unreadablePicture(String type) {
        return invalid("unreadable_picture", "This begins as a picture (" + type + ") but can't be read as one.");
    }

    static Refused tooManyPixels(long limit) {
        return invalid("too_many_pixels", "A picture may have at most " + limit + " pixels.");
    }

    static Refused tooManyFrames(int limit) {
        return invalid("too_many_frames", "An animation may have at most " + limit + " frames.");
    }

    static Refused busy() {
        return Problem.unavailable("Too many pictures are being looked at; try again.")
                .refuse();
    }

    static Refused full() {
        return Problem.unavailable("There is no room for files now.").refuse();
    }

    static Refused storage(IOException failure) {
        LOG.log(Level.WARNING, "Files can't be stored: " + failure);
        return Problem.unavailable("Files can't be stored now.").refuse();
    }

    private static Refused invalid(String code, String message) {
        return Problem.invalid(List.of(new FieldError("files", code, message))).refuse();
    }
}
