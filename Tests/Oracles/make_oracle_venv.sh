#!/bin/bash
# Makes the Python environment in which the oracles run. Tests never need it: they read the committed fixtures.
#
#   ./make_oracle_venv.sh DIR          torch (CPU), numpy, scipy …: enough for every script here
#   ./make_oracle_venv.sh DIR --all    and torchvision, transformers, onnx …: about 1.5 GB, two to five minutes
#
# DIR stands outside the checkout, or where git ignores it. Then, for each script: DIR/bin/python operations.py
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
venv=${1:?usage: make_oracle_venv.sh DIR [--all]}
extent=${2:-}

# The package index holds torchvision as a CUDA build only. Its operators for the CPU work beside a CPU torch
# once the libraries it is linked against exist, so three empty stand-ins satisfy their names.
write_cuda_stand_ins() {
    local site lib work
    site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
    lib=$site/torch/lib
    work=$(mktemp -d)
    cat >"$work/cudart.c" <<'C'
static void *handle;
void **__cudaRegisterFatBinary(void *p) { return &handle; }
void __cudaRegisterFatBinaryEnd(void **p) {}
void __cudaUnregisterFatBinary(void **p) {}
void __cudaRegisterFunction() {}
void __cudaRegisterVar() {}
int __cudaGetKernel() { return 100; }
int __cudaLaunchKernel() { return 100; }
int __cudaPopCallConfiguration() { return 100; }
int __cudaPushCallConfiguration() { return 100; }
int cudaDeviceGetAttribute() { return 100; }
int cudaDeviceSynchronize() { return 100; }
int cudaGetDevice() { return 100; }
int cudaGetLastError() { return 100; }
C
    cat >"$work/c10.c" <<'C'
int aoti_torch_get_current_cuda_stream() { return 1; }
int torch_c10_cuda_check_msg() { return 1; }
void torch_c10_cuda_free_error_msg() {}
C
    echo 'libcudart.so.13 { global: *; };' >"$work/version.map"
    gcc -w -shared -fPIC -Wl,-soname,libcudart.so.13 -Wl,--version-script="$work/version.map" \
        -o "$lib/libcudart.so.13" "$work/cudart.c"
    gcc -w -shared -fPIC -Wl,-soname,libc10_cuda.so -o "$lib/libc10_cuda.so" "$work/c10.c"
    gcc -shared -fPIC -Wl,-soname,libtorch_cuda.so -o "$lib/libtorch_cuda.so" -x c /dev/null
    cat >"$site/cuda_stand_ins.py" <<'P'
import ctypes, os
folder = os.path.join(os.path.dirname(__file__), "torch", "lib")
for name in ("libcudart.so.13", "libc10_cuda.so", "libtorch_cuda.so"):
    ctypes.CDLL(os.path.join(folder, name), mode=ctypes.RTLD_GLOBAL)
P
    echo 'import cuda_stand_ins' >"$site/cuda_stand_ins.pth"
    rm -rf "$work"
}

python3 -m venv "$venv"
"$venv/bin/pip" install -q -r "$here/requirements.txt"
if [ "$extent" = --all ]; then
    "$venv/bin/pip" install -q -r "$here/requirements-vision-and-text.txt"
    "$venv/bin/pip" install -q --no-deps torchvision==0.29.2
    write_cuda_stand_ins
    "$venv/bin/python" -c 'import torchvision, transformers, onnxruntime; print("torchvision", torchvision.__version__)'
fi
"$venv/bin/python" -c 'import torch; print("oracle: torch", torch.__version__)'
