#include "CImageIO.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// After stdio.h, which it needs.
#include <jpeglib.h>
// After jpeglib.h.
#include <jerror.h>

// A progressive file of thousands of scans over a large picture would decode for hours.
static const int greatestScanCount = 500;

typedef struct Failure {
  struct jpeg_error_mgr manager;  // first, so that a pointer to it is a pointer to this
  jmp_buf jump;
  char *message;
} Failure;

static void fail(j_common_ptr codec) {
  Failure *failure = (Failure *)codec->err;
  char text[JMSG_LENGTH_MAX];
  codec->err->format_message(codec, text);
  strncpy(failure->message, text, sizeof ((ImageIOHeader *)0)->message - 1);
  longjmp(failure->jump, 1);
}

// Negative levels are warnings: data was damaged, and libjpeg invents the rest. The first such is
// an error here. The few that leave every pixel intact are common in photographs and let pass.
static void emit(j_common_ptr codec, int level) {
  if (level >= 0) return;
  switch (codec->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_ADOBE_XFORM:
    case JWRN_NOT_SEQUENTIAL:
    case JWRN_TOO_MUCH_DATA:
      return;
    default:
      fail(codec);
  }
}

static void print(j_common_ptr codec) { (void)codec; }

static struct jpeg_error_mgr *prepare(Failure *failure, ImageIOHeader *header) {
  memset(header->message, 0, sizeof header->message);
  failure->message = header->message;
  jpeg_std_error(&failure->manager);
  failure->manager.error_exit = fail;
  failure->manager.emit_message = emit;
  failure->manager.output_message = print;
  return &failure->manager;
}

static void limitScans(j_common_ptr codec) {
  if (codec->is_decompressor && ((j_decompress_ptr)codec)->input_scan_number > greatestScanCount)
    ERREXIT(codec, JERR_BAD_PROGRESSION);
}

static ImageIOStatus decode(
    const uint8_t *bytes, size_t count, uint8_t *pixels, ImageIOHeader *header) {
  Failure failure;
  struct jpeg_decompress_struct codec;
  struct jpeg_progress_mgr progress = {.progress_monitor = limitScans};
  memset(&codec, 0, sizeof codec);
  codec.err = prepare(&failure, header);
  if (setjmp(failure.jump)) {
    jpeg_destroy_decompress(&codec);
    return ImageIOCorrupt;
  }
  jpeg_create_decompress(&codec);
  codec.progress = &progress;
  jpeg_mem_src(&codec, bytes, count);
  jpeg_read_header(&codec, TRUE);
  header->width = codec.image_width;
  header->height = codec.image_height;
  header->fileChannels = codec.num_components;
  header->bitDepth = codec.data_precision;
  header->paletteCount = 0;
  header->channels = codec.jpeg_color_space == JCS_GRAYSCALE ? 1 : 3;
  if (codec.num_components != 1 && codec.num_components != 3) {
    jpeg_destroy_decompress(&codec);
    return ImageIOUnsupported;
  }
  if (pixels != NULL) {
    codec.out_color_space = header->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(&codec);
    size_t stride = (size_t)header->width * header->channels;
    while (codec.output_scanline < codec.output_height) {
      JSAMPROW row = pixels + codec.output_scanline * stride;
      jpeg_read_scanlines(&codec, &row, 1);
    }
    jpeg_finish_decompress(&codec);
  }
  jpeg_destroy_decompress(&codec);
  return ImageIOSuccess;
}

ImageIOStatus ImageIOReadJPEGHeader(const uint8_t *bytes, size_t count, ImageIOHeader *header) {
  return decode(bytes, count, NULL, header);
}

ImageIOStatus ImageIODecodeJPEG(
    const uint8_t *bytes, size_t count, uint8_t *pixels, ImageIOHeader *header) {
  return decode(bytes, count, pixels, header);
}

typedef struct Output {
  unsigned char *bytes;
  unsigned long count;
} Output;

ImageIOStatus ImageIOEncodeJPEG(
    const uint8_t *pixels, int quality, ImageIOHeader *header, uint8_t **encoded,
    size_t *encodedCount) {
  Failure failure;
  struct jpeg_compress_struct codec;
  memset(&codec, 0, sizeof codec);
  codec.err = prepare(&failure, header);
  *encoded = NULL;
  *encodedCount = 0;
  // On the heap, because its fields change between setjmp and longjmp.
  Output *output = calloc(1, sizeof *output);
  if (output == NULL) {
    strcpy(header->message, "out of memory");
    return ImageIOCorrupt;
  }
  ImageIOStatus status = ImageIOCorrupt;
  if (setjmp(failure.jump) == 0) {
    jpeg_create_compress(&codec);
    jpeg_mem_dest(&codec, &output->bytes, &output->count);
    codec.image_width = header->width;
    codec.image_height = header->height;
    codec.input_components = header->channels;
    codec.in_color_space = header->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&codec);
    jpeg_set_quality(&codec, quality, TRUE);
    jpeg_start_compress(&codec, TRUE);
    size_t stride = (size_t)header->width * header->channels;
    while (codec.next_scanline < codec.image_height) {
      JSAMPROW row = (JSAMPROW)pixels + codec.next_scanline * stride;
      jpeg_write_scanlines(&codec, &row, 1);
    }
    jpeg_finish_compress(&codec);
    *encoded = output->bytes;
    *encodedCount = output->count;
    status = ImageIOSuccess;
  }
  // On failure the buffer is left alone: the codec replaces it as it grows, and says where the new
  // one is only at the end, so `bytes` may be freed already.
  jpeg_destroy_compress(&codec);
  free(output);
  return status;
}
