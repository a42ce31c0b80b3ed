#ifndef WORKBENCH_CIMAGEIO_H
#define WORKBENCH_CIMAGEIO_H
#include <stddef.h>
#include <stdint.h>

// libpng and libjpeg report errors by longjmp, which must not cross a Swift frame, so each call
// below sets its own jump target, frees everything it holds, and returns a status with a message.
// Both libraries' warnings are kept off standard error. Every function works on memory and may be
// called from several threads at once.

typedef enum ImageIOStatus {
  ImageIOSuccess = 0,
  ImageIOCorrupt = 1,      // damaged, cut short, or not of this format at all
  ImageIOUnsupported = 2,  // well formed, but of a kind that is not read here
} ImageIOStatus;

// What the head of a file says.
typedef struct ImageIOHeader {
  uint32_t width, height;
  uint32_t channels;      // of the decoded picture: 1 grey, 3 RGB, 4 RGBA
  uint32_t fileChannels;  // of the pixels in the file: 1...4
  uint32_t bitDepth;      // of one sample in the file: 1, 2, 4, 8 or 16
  uint32_t paletteCount;  // 0 unless each pixel is an index into `palette`
  uint8_t palette[768];   // red, green, blue of each entry
  char message[200];      // why a call failed; always terminated
} ImageIOHeader;

// Read the head only; nothing is allocated for pixels.
ImageIOStatus ImageIOReadPNGHeader(const uint8_t *bytes, size_t count, ImageIOHeader *header);
ImageIOStatus ImageIOReadJPEGHeader(const uint8_t *bytes, size_t count, ImageIOHeader *header);

// Decode into height * width * channels samples as the header call announced them. Grey of fewer
// than 8 bits is scaled to 0...255, 16 bits are rounded to 8, palettes and transparency expanded.
ImageIOStatus ImageIODecodePNG(
    const uint8_t *bytes, size_t count, uint8_t *pixels, ImageIOHeader *header);
ImageIOStatus ImageIODecodeJPEG(
    const uint8_t *bytes, size_t count, uint8_t *pixels, ImageIOHeader *header);

// Decode the values of a palette or grey PNG exactly as stored, one uint16_t per pixel.
ImageIOStatus ImageIODecodePNGValues(
    const uint8_t *bytes, size_t count, uint16_t *values, ImageIOHeader *header);

// Encode. The caller frees *encoded with ImageIOFree, also after a failure.
// PNG: 8 or 16 bits (in the machine's byte order) and 1, 3 or 4 channels as the header says;
// where paletteCount is not 0, the pixels are 8-bit indices.
ImageIOStatus ImageIOEncodePNG(
    const void *pixels, ImageIOHeader *header, uint8_t **encoded, size_t *encodedCount);
// JPEG: 8 bits, 1 or 3 channels; quality 1...100.
ImageIOStatus ImageIOEncodeJPEG(
    const uint8_t *pixels, int quality, ImageIOHeader *header, uint8_t **encoded,
    size_t *encodedCount);
void ImageIOFree(uint8_t *encoded);
#endif
