#include <zlib.h>

// Inflates a member of a zip file, which has neither header nor checksum of its own, into at most
// `size` bytes. Returns how many bytes came out, or -1 where the data are not sound or, if they are
// meant to be whole, do not end there.
static inline long workbench_inflate(
    const void *_Nonnull from, unsigned int length, void *_Nonnull to, unsigned int size,
    int whole) {
  z_stream stream = {0};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return -1;
  stream.next_in = (Bytef *)from;
  stream.avail_in = length;
  stream.next_out = to;
  stream.avail_out = size;
  int end = inflate(&stream, Z_FINISH);
  long made = (long)stream.total_out;
  inflateEnd(&stream);
  return end == Z_STREAM_END || (!whole && end == Z_BUF_ERROR) ? made : -1;
}

// Continues a CRC-32 over more bytes; begins with 0.
static inline unsigned long workbench_crc32(
    unsigned long crc, const void *_Nonnull bytes, unsigned long length) {
  return crc32_z(crc, bytes, length);
}
