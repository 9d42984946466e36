/* The declarations of ONNX Runtime's C interface that shear_flow.c uses. They serve machines that
 * have the library, which every Python package of ONNX Runtime contains, but not its header.
 *
 * The interface is a table of functions. Its first 102 entries are version 1 of the interface, and
 * ONNX Runtime guarantees that later versions keep them unchanged.
 */
#ifndef ONNXRUNTIME_C_API_H
#define ONNXRUNTIME_C_API_H

#include <stddef.h>
#include <stdint.h>

typedef struct OrtStatus OrtStatus;
typedef struct OrtEnv OrtEnv;
typedef struct OrtSession OrtSession;
typedef struct OrtSessionOptions OrtSessionOptions;
typedef struct OrtRunOptions OrtRunOptions;
typedef struct OrtMemoryInfo OrtMemoryInfo;
typedef struct OrtAllocator OrtAllocator;
typedef struct OrtValue OrtValue;

typedef enum { ORT_LOGGING_LEVEL_WARNING = 2 } OrtLoggingLevel;
typedef enum { OrtArenaAllocator = 1 } OrtAllocatorType;
typedef enum { OrtMemTypeDefault = 0 } OrtMemType;
typedef enum { ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT = 1 } ONNXTensorElementDataType;

typedef struct {
    void *slots_0_to_1[2];
    const char *(*GetErrorMessage)(const OrtStatus *);
    OrtStatus *(*CreateEnv)(OrtLoggingLevel, const char *name, OrtEnv **);
    void *slots_4_to_6[3];
    OrtStatus *(*CreateSession)(const OrtEnv *, const char *path, const OrtSessionOptions *,
                                OrtSession **);
    void *slot_8[1];
    OrtStatus *(*Run)(OrtSession *, const OrtRunOptions *, const char *const *input_names,
                      const OrtValue *const *inputs, size_t num_inputs,
                      const char *const *output_names, size_t num_outputs, OrtValue **outputs);
    OrtStatus *(*CreateSessionOptions)(OrtSessionOptions **);
    void *slots_11_to_23[13];
    OrtStatus *(*SetIntraOpNumThreads)(OrtSessionOptions *, int);
    void *slots_25_to_36[12];
    OrtStatus *(*SessionGetOutputName)(const OrtSession *, size_t, OrtAllocator *, char **);
    void *slots_38_to_48[11];
    OrtStatus *(*CreateTensorWithDataAsOrtValue)(const OrtMemoryInfo *, void *data, size_t bytes,
                                                 const int64_t *shape, size_t num_axes,
                                                 ONNXTensorElementDataType, OrtValue **);
    void *slots_50_to_68[19];
    OrtStatus *(*CreateCpuMemoryInfo)(OrtAllocatorType, OrtMemType, OrtMemoryInfo **);
    void *slots_70_to_77[8];
    OrtStatus *(*GetAllocatorWithDefaultOptions)(OrtAllocator **);
} OrtApi;

typedef struct {
    const OrtApi *(*GetApi)(uint32_t version);
} OrtApiBase;

const OrtApiBase *OrtGetApiBase(void);

#endif
