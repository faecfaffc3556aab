"""Compiled functions, kept as machine code and loaded without the compiler.

Numba takes longer to import than most questions take to answer, and its own cache does not see when a constant of
another module changes. So a function is compiled once, its machine code is kept under a hash of all that made it
(sources, versions, processor), and after that llvmlite alone loads it. Such a function takes addresses of arrays and
integers, returns nothing, and calls nothing but what every C library has; one that would is not kept.
"""

import ctypes
import hashlib
import json
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm  # type: ignore[import-untyped]
from platformdirs import user_cache_path

__all__ = ["NATIVE", "is_kept", "keep_all", "native"]

NATIVE = {
    "simulate_block": ("_kernels", 8, 3, ("_kernels", "_layout", "model", "noise", "parameters")),
    "peel_block": ("_peeling", 9, 3, ("_peeling", "_peel")),
}
"""Per function: its module, how many addresses and integers it takes, and the modules whose text it is made from."""
ALLOWED = frozenset({"memset", "memcpy", "memmove", "floorf"})
"""What machine code may call from outside."""
_loaded: dict[str, Callable[..., None]] = {}


def native(name: str) -> Callable[..., None]:
    """Return a compiled function, from what was kept or compiled now; it holds no lock while it runs.

    It takes arrays in row order, each of the type and shape its source says, and then integers. Nothing is checked.
    """
    if name not in _loaded:
        places = _places(name)
        found = next((kept for place in places if (kept := _read(place))), None)
        if found is None:
            found = _compile(name)
            any(_write(place, *found) for place in places)  # the first that can be written
        _loaded[name] = _load(name, *found)
    return _loaded[name]


def keep_all() -> None:
    """Compile all functions that are not kept yet; for setting up a machine."""
    for name in NATIVE:
        native(name)


def is_kept() -> bool:
    """Return whether all functions were compiled on this machine before."""
    return all(any(place.exists() for place in _places(name)) for name in NATIVE)


def _places(name: str) -> tuple[Path, ...]:
    """Return where a function may be kept: beside its module, else among the user's caches."""
    sources = NATIVE[name][3]
    digest = hashlib.sha256()
    for part in (
        sys.platform,
        version("numba"),
        llvm.get_process_triple(),
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
    ):
        digest.update(f"{part}\n".encode())
    here = Path(__file__)
    for source in (here.stem, *sources):
        digest.update(here.with_name(f"{source}.py").read_bytes())
    file = f"{name}-{digest.hexdigest()[:20]}.native"
    return here.parent / "__pycache__" / file, user_cache_path("counterpoise") / file


def _read(path: Path) -> tuple[str, bytes] | None:
    """Return the symbol and machine code of a file, or None if there is none or it is damaged."""
    try:
        head, _, code = path.read_bytes().partition(b"\n")
        said = json.loads(head)
    except (OSError, ValueError):
        return None
    whole = isinstance(said, dict) and said.get("sha256") == hashlib.sha256(code).hexdigest()
    return (said["symbol"], code) if whole else None


def _write(path: Path, symbol: str, code: bytes) -> bool:
    """Keep machine code, all of it or nothing; False where this place cannot be written."""
    head = json.dumps({"symbol": symbol, "sha256": hashlib.sha256(code).hexdigest()}).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(head + b"\n" + code)
        Path(file.name).chmod(0o644)
        Path(file.name).replace(path)
    except OSError:
        return False
    return True


def _compile(name: str) -> tuple[str, bytes]:
    """Return the symbol and machine code of a function of ours."""
    from numba import types

    module, n_addresses, n_integers, _ = NATIVE[name]
    function: Any = getattr(import_module(f"counterpoise.scenarios.{module}"), name)
    function.compile((types.voidptr,) * n_addresses + (types.int64,) * n_integers)
    (signature,) = function.signatures
    symbol: str = function.overloads[signature].fndesc.llvm_func_name
    _initialise()
    program = llvm.parse_assembly(function.inspect_llvm(signature))
    for part in program.functions:
        if not part.is_declaration and part.name != symbol:
            part.linkage = "internal"  # so that what nothing calls is dropped
    machine = _machine()
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.run(program, llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options()))
    outside = {f.name for f in program.functions if f.is_declaration and not f.name.startswith("llvm.")}
    if outside - ALLOWED:  # loading it would end the process
        raise AssertionError(f"{name} calls {sorted(outside - ALLOWED)}, which nothing would provide")
    return symbol, machine.emit_object(program)


def _load(name: str, symbol: str, code: bytes) -> Callable[..., None]:
    """Return a callable over machine code."""
    _initialise()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _, n_addresses, n_integers, _ = NATIVE[name]
    # numba's own convention: a place for the answer and one for an error, neither of which is used, then the arguments
    kind = ctypes.CFUNCTYPE(
        ctypes.c_int32, *[ctypes.c_void_p] * (2 + n_addresses), *[ctypes.c_int64] * n_integers
    )
    call = kind(engine.get_function_address(symbol))

    def run(*arguments: Any) -> None:
        answer, error = ctypes.c_void_p(), ctypes.c_void_p()
        addresses = [array.ctypes.data for array in arguments[:n_addresses]]
        call(ctypes.addressof(answer), ctypes.addressof(error), *addresses, *arguments[n_addresses:])

    run.engine = engine  # type: ignore[attr-defined]  # the code lives as long as its engine
    return run


def _initialise() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


def _machine() -> Any:
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="default",
        codemodel="jitdefault",
        jit=True,
    )
