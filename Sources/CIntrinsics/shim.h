// Instructions that Swift has no spelling for; all inline, nothing to link.

#include <stdbool.h>

// A square root without errno, so that a loop over it becomes vector code.
static inline float intrinsic_sqrt(float x) { return __builtin_elementwise_sqrt(x); }

// Whether this is compiled for vectors of 16 floats.
#ifdef __AVX512F__
static const bool intrinsic_has_wide_vectors = true;
#else
static const bool intrinsic_has_wide_vectors = false;
#endif

// Asks for a cache line that will be read soon.
static inline void intrinsic_prefetch(const void *address) { __builtin_prefetch(address, 0, 2); }

// Copies past the caches, which what is written would only pass through. `intrinsic_stream_end` makes
// the numbers visible to other threads.
typedef float intrinsic_vector __attribute__((vector_size(64), aligned(4)));
typedef float intrinsic_line __attribute__((vector_size(64)));

static inline void intrinsic_stream(
    float *_Nonnull to, const float *_Nonnull from, long count) {
  long done = 0;
  while (done < count && ((unsigned long)(to + done) & 63)) {
    to[done] = from[done];
    done++;
  }
  for (; done + 16 <= count; done += 16) {
    __builtin_nontemporal_store(
        (intrinsic_line) * (const intrinsic_vector *)(from + done), (intrinsic_line *)(to + done));
  }
  for (; done < count; done++) to[done] = from[done];
}

static inline void intrinsic_stream_end(void) {
#if defined(__x86_64__)
  __builtin_ia32_sfence();
#else
  __sync_synchronize();
#endif
}

