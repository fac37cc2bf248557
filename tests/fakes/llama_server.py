"""A real llama.cpp server in a process of its own: ``python -m tests.fakes.llama_server MODEL.gguf``.

Prints the base URL of its OpenAI-compatible API on the first line and serves until its standard input ends.
"""

import os
import sys


def main() -> None:
    """Serve the model named on the command line."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = sys.argv[1]
    parameters.n_ctx = 2048
    parameters.n_parallel = 1
    parameters.warmup = False
    parameters.verbosity = 0
    parameters.cpuparams.n_threads = 2
    parameters.cpuparams_batch.n_threads = 2
    server = xllamacpp.Server(parameters)
    print(f"{server.listening_address}/v1", flush=True)
    sys.stdin.read()
    # The destructor waits for requests under way; the tests have given up on them by now.
    os._exit(0)


if __name__ == "__main__":
    main()
