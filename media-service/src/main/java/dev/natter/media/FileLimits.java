package dev.natter.media;

import dev.natter.platform.http.RequestLimits;

/**
 * What clients must not exceed here, from what is enforced.
 *
 * @param fileBytes the largest file
 * @param filesPerUpload most files in one upload
 * @param filesPerMessage most files of one message, over all uploads
 * @param nameMaxBytes the longest name that is kept whole
 * @param avatarBytes the largest picture that can become an avatar
 * @param imagePixels larger pictures are refused
 * @param imageFrames longer animations are refused
 * @param requests what holds for requests in general
 */
record FileLimits(
        long fileBytes,
        int filesPerUpload,
        int filesPerMessage,
        int nameMaxBytes,
        long avatarBytes,
        long imagePixels,
        int imageFrames,
        RequestLimits requests) {

    static FileLimits of(MediaConfig config, RequestLimits requests) {
        return new FileLimits(
                config.fileMaxBytes(),
                config.filesMax(),
                config.messageFilesMax(),
                FileName.MAX_BYTES,
                config.avatarMaxBytes(),
                config.imageMaxPixels(),
                config.imageMaxFrames(),
                requests);
    }
}
