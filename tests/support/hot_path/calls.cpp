// tests/support/hot_path/calls.cpp -- the heap's, the locks' and the futex's functions, counted and passed on.
// SPDX-License-Identifier: BSD-3-Clause
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <ctime>

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>

#include <calanque/plugin/abi.h>

#include "counters.hpp"
#include "next.hpp"

using hot_path::count;
using hot_path::next;
using hot_path::What;

extern "C" {

// The C library's own names: looking for its malloc would need a malloc.
void* __libc_malloc(size_t bytes);
void* __libc_calloc(size_t n, size_t bytes);
void* __libc_realloc(void* p, size_t bytes);
void* __libc_memalign(size_t align, size_t bytes);
void __libc_free(void* p);

CLQ_EXPORT void* malloc(size_t bytes) {
  count(What::heap);
  return __libc_malloc(bytes);
}

CLQ_EXPORT void* calloc(size_t n, size_t bytes) {
  count(What::heap);
  return __libc_calloc(n, bytes);
}

CLQ_EXPORT void* realloc(void* p, size_t bytes) {
  count(What::heap);
  return __libc_realloc(p, bytes);
}

CLQ_EXPORT void* aligned_alloc(size_t align, size_t bytes) {
  count(What::heap);
  return __libc_memalign(align, bytes);
}

CLQ_EXPORT int posix_memalign(void** out, size_t align, size_t bytes) {
  count(What::heap);
  void* p = __libc_memalign(align, bytes);
  if (p == nullptr) return ENOMEM;
  *out = p;
  return 0;
}

CLQ_EXPORT void free(void* p) {
  if (p != nullptr) count(What::heap);
  __libc_free(p);
}

#define HOT_PATH_LOCK(name, parameters, arguments)                       \
  CLQ_EXPORT int name parameters {                                       \
    static int(*const real) parameters = next<int(*) parameters>(#name); \
    count(What::lock);                                                   \
    return real arguments;                                               \
  }

HOT_PATH_LOCK(pthread_mutex_lock, (pthread_mutex_t * m), (m))
HOT_PATH_LOCK(pthread_mutex_trylock, (pthread_mutex_t * m), (m))
HOT_PATH_LOCK(pthread_mutex_timedlock, (pthread_mutex_t * m, const timespec* t), (m, t))
HOT_PATH_LOCK(pthread_mutex_clocklock, (pthread_mutex_t * m, clockid_t c, const timespec* t), (m, c, t))
HOT_PATH_LOCK(pthread_rwlock_rdlock, (pthread_rwlock_t * l), (l))
HOT_PATH_LOCK(pthread_rwlock_tryrdlock, (pthread_rwlock_t * l), (l))
HOT_PATH_LOCK(pthread_rwlock_wrlock, (pthread_rwlock_t * l), (l))
HOT_PATH_LOCK(pthread_rwlock_trywrlock, (pthread_rwlock_t * l), (l))
HOT_PATH_LOCK(pthread_cond_wait, (pthread_cond_t * c, pthread_mutex_t* m), (c, m))
HOT_PATH_LOCK(pthread_cond_timedwait, (pthread_cond_t * c, pthread_mutex_t* m, const timespec* t), (c, m, t))
HOT_PATH_LOCK(pthread_cond_clockwait, (pthread_cond_t * c, pthread_mutex_t* m, clockid_t k, const timespec* t),
              (c, m, k, t))
HOT_PATH_LOCK(pthread_cond_signal, (pthread_cond_t * c), (c))
HOT_PATH_LOCK(pthread_cond_broadcast, (pthread_cond_t * c), (c))
HOT_PATH_LOCK(pthread_spin_lock, (pthread_spinlock_t * l), (l))
HOT_PATH_LOCK(sem_wait, (sem_t * s), (s))
HOT_PATH_LOCK(sem_trywait, (sem_t * s), (s))
HOT_PATH_LOCK(sem_timedwait, (sem_t * s, const timespec* t), (s, t))
HOT_PATH_LOCK(sem_post, (sem_t * s), (s))

// std::atomic's wait and notify come here.
CLQ_EXPORT long syscall(long n, ...) {
  static long (*const real)(long, ...) = next<long (*)(long, ...)>("syscall");
  if (n == SYS_futex) count(What::futex);
  long a[6];
  va_list list;
  va_start(list, n);
  for (long& argument : a) argument = va_arg(list, long);
  va_end(list);
  return real(n, a[0], a[1], a[2], a[3], a[4], a[5]);
}

}  // extern "C"
