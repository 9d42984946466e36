/* Homogeneous shear flows, one per cell, with a closure that was exported to ONNX.
 *
 *   shear_flow MODEL.onnx NUM_CELLS NUM_STEPS STEP
 *
 * Cell i has the velocity gradient dU_1/dx_2 = i + 1. The network computes the stresses of all cells
 * in one call. Euler's method integrates k and epsilon in time:
 *
 *   dk/dt = P - epsilon,  depsilon/dt = (1.44 P - 1.92 epsilon) epsilon / k,  P = -<u_1 u_2> dU_1/dx_2
 *
 * Prints k, epsilon and <u_1 u_2> of each cell. The program uses version 1 of ONNX Runtime's
 * interface, which all releases support.
 */
#include <onnxruntime_c_api.h>
#include <stdio.h>
#include <stdlib.h>

/* A session with the memory that it reads and writes in place, allocated once for all steps. */
typedef struct {
    OrtSession *session;
    OrtValue *inputs[3], *stress_value;
    char *output;
    float *gradient, *k, *epsilon, *stress;
} Closure;

static const OrtApi *api;

static void check(OrtStatus *status) {
    if (status == NULL) return;
    fprintf(stderr, "ONNX Runtime: %s\n", api->GetErrorMessage(status));
    exit(1);
}

static void *allocated(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (memory != NULL) return memory;
    fprintf(stderr, "no memory for %zu numbers\n", count);
    exit(1);
}

/* A zero field of 3 x 3 matrices or of scalars; the shape in the model is (cells, ...). */
static float *field(const OrtMemoryInfo *memory, int64_t cells, int matrix, OrtValue **value) {
    int64_t shape[3] = {cells, matrix ? 3 : 1, 3};
    size_t count = (size_t)cells * (matrix ? 9 : 1);
    float *data = allocated(count, sizeof(float));
    check(api->CreateTensorWithDataAsOrtValue(memory, data, count * sizeof(float), shape,
                                              matrix ? 3 : 2, ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT,
                                              value));
    return data;
}

static Closure open_closure(const char *path, int64_t cells) {
    Closure c;
    OrtEnv *environment;
    OrtSessionOptions *options;
    OrtMemoryInfo *memory;
    OrtAllocator *allocator;
    check(api->CreateEnv(ORT_LOGGING_LEVEL_WARNING, "closure", &environment));
    check(api->CreateSessionOptions(&options));
    check(api->SetIntraOpNumThreads(options, 1)); /* the solver has its own threads */
    check(api->CreateSession(environment, path, options, &c.session));
    check(api->GetAllocatorWithDefaultOptions(&allocator));
    check(api->SessionGetOutputName(c.session, 0, allocator, &c.output));
    check(api->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory));
    c.gradient = field(memory, cells, 1, &c.inputs[0]);
    c.k = field(memory, cells, 0, &c.inputs[1]);
    c.epsilon = field(memory, cells, 0, &c.inputs[2]);
    c.stress = field(memory, cells, 1, &c.stress_value);
    return c;
}

/* Evaluates the stresses of all cells, with the gradients in `c`. */
static void evaluate(Closure *c, int cells, const double *k, const double *epsilon) {
    static const char *const names[3] = {"gradient", "k", "epsilon"};
    for (int i = 0; i < cells; i++) {
        c->k[i] = (float)k[i];
        c->epsilon[i] = (float)epsilon[i];
    }
    check(api->Run(c->session, NULL, names, (const OrtValue *const *)c->inputs, 3,
                   (const char *const *)&c->output, 1, &c->stress_value));
}

int main(int argc, char **argv) {
    int cells = argc == 5 ? atoi(argv[2]) : 0, steps = argc == 5 ? atoi(argv[3]) : -1;
    double step = argc == 5 ? atof(argv[4]) : 0.0;
    if (cells < 1 || steps < 0 || !(step > 0.0)) {
        fprintf(stderr, "usage: shear_flow MODEL.onnx NUM_CELLS NUM_STEPS STEP, all positive\n");
        return 2;
    }
    api = OrtGetApiBase()->GetApi(1);
    if (api == NULL) {
        fprintf(stderr, "this ONNX Runtime has no interface of version 1\n");
        return 1;
    }
    Closure c = open_closure(argv[1], cells);
    double *k = allocated(cells, sizeof(double)), *epsilon = allocated(cells, sizeof(double));
    for (int i = 0; i < cells; i++) {
        c.gradient[9 * i + 1] = i + 1.0f; /* row-major order: dU_1/dx_2 */
        k[i] = epsilon[i] = 1.0;
    }
    for (int n = 0; n < steps; n++) {
        evaluate(&c, cells, k, epsilon);
        for (int i = 0; i < cells; i++) {
            double production = -c.stress[9 * i + 1] * (i + 1.0);
            double growth = (1.44 * production - 1.92 * epsilon[i]) * epsilon[i] / k[i];
            k[i] += step * (production - epsilon[i]);
            epsilon[i] += step * growth;
        }
    }
    evaluate(&c, cells, k, epsilon);
    for (int i = 0; i < cells; i++) printf("%.9g %.9g %.9g\n", k[i], epsilon[i], c.stress[9 * i + 1]);
    return 0;
}
