#include "CImageIO.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

// Larger sides than the caller's own limit are refused there; this one bounds libpng's row buffers.
static const png_uint_32 greatestSide = 1u << 20;
// Text, profile and other side chunks are skipped beyond these.
static const png_alloc_size_t greatestChunkBytes = 8u << 20;

typedef struct Source {
  const uint8_t *bytes;
  size_t count, position;
} Source;

typedef struct Sink {
  uint8_t *bytes;
  size_t count, capacity;
} Sink;

static void fail(png_structp png, png_const_charp text) {
  ImageIOHeader *header = png_get_error_ptr(png);
  strncpy(header->message, text, sizeof header->message - 1);
  header->message[sizeof header->message - 1] = 0;
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void take(png_structp png, png_bytep into, size_t count) {
  Source *source = png_get_io_ptr(png);
  if (count > source->count - source->position) png_error(png, "the file ends early");
  memcpy(into, source->bytes + source->position, count);
  source->position += count;
}

static void put(png_structp png, png_bytep from, size_t count) {
  Sink *sink = png_get_io_ptr(png);
  if (count > sink->capacity - sink->count) {
    size_t capacity = sink->capacity * 2 + count;
    uint8_t *bytes = realloc(sink->bytes, capacity);
    if (bytes == NULL) png_error(png, "out of memory");
    sink->bytes = bytes;
    sink->capacity = capacity;
  }
  memcpy(sink->bytes + sink->count, from, count);
  sink->count += count;
}

static void flush(png_structp png) { (void)png; }

// A reader positioned behind the head of the file. Runs under the caller's jump target.
static void readInfo(png_structp png, png_infop info, Source *source, ImageIOHeader *header) {
  png_set_user_limits(png, greatestSide, greatestSide);
  png_set_chunk_malloc_max(png, greatestChunkBytes);
  png_set_read_fn(png, source, take);
  png_read_info(png, info);

  int type = png_get_color_type(png, info);
  int transparent = png_get_valid(png, info, PNG_INFO_tRNS) != 0;
  header->width = png_get_image_width(png, info);
  header->height = png_get_image_height(png, info);
  header->bitDepth = png_get_bit_depth(png, info);
  header->fileChannels = png_get_channels(png, info);
  header->channels = (type & PNG_COLOR_MASK_ALPHA) || transparent ? 4
                     : (type & PNG_COLOR_MASK_COLOR)              ? 3
                                                                  : 1;
  header->paletteCount = 0;
  png_colorp colors = NULL;
  int colorCount = 0;
  if (type == PNG_COLOR_TYPE_PALETTE && png_get_PLTE(png, info, &colors, &colorCount)) {
    header->paletteCount = colorCount;
    for (int i = 0; i < colorCount && i < 256; i++) {
      header->palette[3 * i] = colors[i].red;
      header->palette[3 * i + 1] = colors[i].green;
      header->palette[3 * i + 2] = colors[i].blue;
    }
  }
}

enum Wish { headOnly, picture, values };

static ImageIOStatus decode(
    const uint8_t *bytes, size_t count, enum Wish wish, void *output, ImageIOHeader *header) {
  header->message[0] = 0;
  Source source = {bytes, count, 0};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, header, fail, ignore);
  png_infop info = png == NULL ? NULL : png_create_info_struct(png);
  if (info == NULL) {
    png_destroy_read_struct(&png, NULL, NULL);
    strcpy(header->message, "out of memory");
    return ImageIOCorrupt;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return ImageIOCorrupt;
  }
  readInfo(png, info, &source, header);
  if (wish == headOnly) {
    png_destroy_read_struct(&png, &info, NULL);
    return ImageIOSuccess;
  }

  size_t rowBytes;
  if (wish == picture) {
    png_set_scale_16(png);
    png_set_expand(png);
    if (header->channels == 4) png_set_gray_to_rgb(png);
    rowBytes = (size_t)header->width * header->channels;
  } else {
    png_set_packing(png);
    if (header->bitDepth == 16) png_set_swap(png);
    rowBytes = (size_t)header->width * (header->bitDepth == 16 ? 2 : 1);
  }
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  if (png_get_rowbytes(png, info) != rowBytes) png_error(png, "rows have an unexpected length");

  // 8-bit values are read into the second half of each row and widened below.
  size_t stride = wish == picture ? rowBytes : (size_t)header->width * 2;
  size_t offset = stride - rowBytes;
  for (int pass = 0; pass < passes; pass++)
    for (uint32_t y = 0; y < header->height; y++)
      png_read_row(png, (png_bytep)output + y * stride + offset, NULL);
  png_read_end(png, NULL);
  if (wish == values && header->bitDepth < 16) {
    for (uint32_t y = 0; y < header->height; y++) {
      uint16_t *row = (uint16_t *)output + (size_t)y * header->width;
      const uint8_t *narrow = (const uint8_t *)row + offset;
      // Element x is written at or before the byte it is read from, except the last, equal in place.
      for (uint32_t x = 0; x < header->width; x++) {
        uint8_t value = narrow[x];
        row[x] = value;
      }
    }
  }
  png_destroy_read_struct(&png, &info, NULL);
  return ImageIOSuccess;
}

ImageIOStatus ImageIOReadPNGHeader(const uint8_t *bytes, size_t count, ImageIOHeader *header) {
  return decode(bytes, count, headOnly, NULL, header);
}

ImageIOStatus ImageIODecodePNG(
    const uint8_t *bytes, size_t count, uint8_t *pixels, ImageIOHeader *header) {
  return decode(bytes, count, picture, pixels, header);
}

ImageIOStatus ImageIODecodePNGValues(
    const uint8_t *bytes, size_t count, uint16_t *output, ImageIOHeader *header) {
  return decode(bytes, count, values, output, header);
}

static int colorType(const ImageIOHeader *header) {
  if (header->paletteCount > 0) return PNG_COLOR_TYPE_PALETTE;
  if (header->channels == 1) return PNG_COLOR_TYPE_GRAY;
  return header->channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_RGB_ALPHA;
}

ImageIOStatus ImageIOEncodePNG(
    const void *pixels, ImageIOHeader *header, uint8_t **encoded, size_t *encodedCount) {
  header->message[0] = 0;
  *encoded = NULL;
  *encodedCount = 0;
  // On the heap, because its fields change between setjmp and longjmp.
  Sink *sink = calloc(1, sizeof *sink);
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, header, fail, ignore);
  png_infop info = png == NULL ? NULL : png_create_info_struct(png);
  if (sink == NULL || info == NULL) {
    png_destroy_write_struct(&png, &info);
    free(sink);
    strcpy(header->message, "out of memory");
    return ImageIOCorrupt;
  }
  ImageIOStatus status = ImageIOCorrupt;
  if (setjmp(png_jmpbuf(png)) == 0) {
    png_set_user_limits(png, greatestSide, greatestSide);
    png_set_write_fn(png, sink, put, flush);
    png_set_IHDR(
        png, info, header->width, header->height, header->bitDepth, colorType(header),
        PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (header->paletteCount > 0)
      png_set_PLTE(png, info, (png_const_colorp)header->palette, header->paletteCount);
    png_write_info(png, info);
    if (header->bitDepth == 16) png_set_swap(png);
    size_t stride = (size_t)header->width * header->channels * (header->bitDepth / 8);
    for (uint32_t y = 0; y < header->height; y++)
      png_write_row(png, (png_const_bytep)pixels + y * stride);
    png_write_end(png, info);
    *encoded = sink->bytes;
    *encodedCount = sink->count;
    status = ImageIOSuccess;
  } else {
    free(sink->bytes);
  }
  png_destroy_write_struct(&png, &info);
  free(sink);
  return status;
}

void ImageIOFree(uint8_t *encoded) { free(encoded); }
