package dev.natter.chat;

import dev.natter.contracts.FileInfo;
import dev.natter.contracts.Message;
import dev.natter.platform.token.SignedUrl;
import java.util.function.UnaryOperator;

/** The urls of a message's files: kept as plain paths, since a signature expires, and signed again when shown. */
final class Files {
    private Files() {}

    static Message unsigned(Message message) {
        return with(message, url -> url.substring(0, (url + "?").indexOf('?')));
    }

    static Message signed(Message message, SignedUrl signer) {
        return with(message, signer::sign);
    }

    private static Message with(Message message, UnaryOperator<String> change) {
        return new Message(
                message.id(),
                message.chatId(),
                message.seq(),
                message.changedSeq(),
                message.type(),
                message.senderId(),
                message.content(),
                message.replyToId(),
                message.files().stream().map(file -> with(file, change)).toList(),
                message.clientId(),
                message.createdAt(),
                message.editedAt(),
                message.deletedAt());
    }

    private static FileInfo with(FileInfo file, UnaryOperator<String> change) {
        return new FileInfo(
                file.id(),
                file.name(),
                file.size(),
                file.contentType(),
                file.sha256(),
                file.width(),
                file.height(),
                change.apply(file.url()),
                file.thumbnailUrl() == null ? null : change.apply(file.thumbnailUrl()));
    }
}
