// Instructions that Swift has no spelling for; all inline, nothing to link.

// A square root without errno, so that a loop over it becomes vector code.
static inline float intrinsic_sqrt(float x) { return __builtin_elementwise_sqrt(x); }

// Asks for a cache line that will be read soon.
static inline void intrinsic_prefetch(const void *address) { __builtin_prefetch(address, 0, 2); }
