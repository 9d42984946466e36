import json
import os
import signal
import subprocess
import sys
import time

import keras
import numpy as np
import pytest

import keras_solvers
from keras_solvers.cli.main import main
from keras_solvers.training import RunFolder


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """An empty working folder on a machine without data sets."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_SOLVERS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


DIGITS = ["run", "digits", "--model", "softmax", "--epochs", "2"]


def test_list_names_everything(capsys, nowhere):
    assert main(["list"]) == 0
    text = capsys.readouterr().out
    for name in ("sparse-coding", "SparseCoding", "FISTA", "lenet5", "DropConnectDense", "mnist"):
        assert name in text


def test_doctor_tells_what_is_missing(capsys, nowhere):
    assert main(["doctor"]) == 0
    text = capsys.readouterr().out
    assert keras.version() in text
    assert "keras-solvers data fetch mnist" in text


def test_run_leaves_a_complete_folder(capsys, nowhere):
    assert main([*DIGITS, "--out", "run", "--formats", "onnx"]) == 0
    folder = nowhere / "run"
    metrics = json.loads((folder / "metrics.json").read_text())
    # Ten classes: chance is 90 % wrong.
    assert metrics["test_error_percent"] < 60.0
    assert metrics["versions"]["keras"] == keras.version()
    assert len((folder / "history.csv").read_text().splitlines()) == 3
    for name in ("model.keras", "figures/mistakes.png", "exports/model.onnx"):
        assert (folder / name).stat().st_size > 100
    model = keras.saving.load_model(folder / "model.keras")
    assert model.predict(np.zeros((1, 28, 28, 1)), verbose=0).shape == (1, 10)
    assert "test error percent" in capsys.readouterr().out

    # A second run does not overwrite the first one unasked.
    before = (folder / "metrics.json").stat().st_mtime_ns
    assert main([*DIGITS, "--out", "run", "--formats", ""]) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert (folder / "metrics.json").stat().st_mtime_ns == before
    assert main([*DIGITS, "--out", "run", "--formats", "", "--overwrite"]) == 0

    assert main(["export", "run", "--out", "out", "--formats", "onnx,litert"]) == 0
    assert sorted(p.name for p in (nowhere / "out").iterdir()) == [
        "model.onnx",
        "model.tflite",
        "model_card.json",
    ]


def test_autoencoder_run_is_compared_with_pca(nowhere):
    arguments = ["run", "digits", "--model", "autoencoder-classic"]
    assert main([*arguments, "--epochs", "1", "--out", "run", "--formats", ""]) == 0
    metrics = json.loads((nowhere / "run/metrics.json").read_text())
    assert metrics["code_size"] == 128
    assert 0.0 < metrics["test_mse_pca"] < metrics["test_mse"]
    assert (nowhere / "run/figures/reconstructions.png").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "digits", "--data", "mnist", "--formats", ""], "keras-solvers data fetch mnist"),
        (["run", "digits", "--model", "vgg"], "'vgg'"),
        (["run", "pinn", "--case", "stokes", "--formats", ""], "'stokes'"),
        (["run", "pinn", "--case", "burgers", "--formats", ""], "Set KERAS_SOLVERS_DATA"),
        (["run", "closure", "--leave-out", "hills"], "'hills'"),
        (["run", "closure", "--leave-out", "square_duct"], "Set KERAS_SOLVERS_DATA"),
        (["run", "plume", "--solver", "magic"], "multigrid-cg"),
        (["run", "plume", "--solver", "neural", "--network", "nothing"], "no model"),
        (["run", "plume", "--video", "film.avi"], ".mp4 or .gif"),
        (["run", "digits", "--data", "cifar"], "'cifar'"),
        (["run", "digits", "--formats", "tflite"], "savedmodel, onnx, litert"),
        (["list", "optimizers"], "'optimizers'"),
        (["data", "fetch", "cifar"], "'cifar'"),
        (["data", "verify", "cifar"], "'cifar'"),
        (["export", "nothing"], "no model"),
        (["export", "broken.keras"], "damaged"),
        (["export", "broken.keras", "--formats", "coreml"], "coreml"),
        (["run", "digits", "--model", "mlp", "--out", "file"], "no run folder"),
    ],
)
def test_errors_of_the_user_end_in_a_message_and_code_2(arguments, message, nowhere, capsys):
    (nowhere / "broken.keras").write_bytes(b"PK\x03\x04 cut off")
    (nowhere / "file").write_text("not a folder")
    before = sorted(nowhere.rglob("*"))
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error
    assert sorted(nowhere.rglob("*")) == before  # nothing half-written


def test_wrong_arguments_end_in_code_2(nowhere, capsys):
    assert main(["run", "digits", "--epochs", "many"]) == 2
    assert main(["run", "digits", "--epochs", "0"]) == 2
    assert main(["run", "plume", "--cells", "wide"]) == 2
    assert "128x128" in capsys.readouterr().err
    assert main(["nonsense"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_damaged_data_file_is_named(nowhere, capsys):
    path = nowhere / "data/mnist/mnist.npz"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"PK\x03\x04 cut off")
    for arguments in (["data", "verify"], ["run", "digits", "--data", "mnist", "--formats", ""]):
        assert main(arguments) == 2
        assert f"{path} is damaged" in capsys.readouterr().err


def test_corrupt_checkpoint_is_named(nowhere, capsys):
    settings = {"seed": 0, "model": "softmax", "data": "digits", "epochs": 2}
    folder = RunFolder(nowhere / "run", "digits", settings)
    folder.file("checkpoint.npz").write_bytes(b"cut off")
    assert main([*DIGITS, "--out", "run", "--formats", ""]) == 2
    assert "checkpoint.npz is damaged" in capsys.readouterr().err


COMMAND = [sys.executable, "-c", "from keras_solvers.cli.main import run_command as c; c()"]


def start(arguments, **kwargs):
    return subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **kwargs
    )


@pytest.mark.skipif(os.geteuid() == 0 and not os.path.exists("/usr/bin/setpriv"), reason="root")
def test_read_only_folder_is_named(nowhere):
    locked = nowhere / "locked"
    locked.mkdir()
    locked.chmod(0o500)
    # Root may write anywhere: the command runs without that power.
    drop = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    arguments = [*drop, *COMMAND, *DIGITS, "--out", str(locked / "run"), "--formats", ""]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Permission denied" in done.stderr
    assert "Traceback" not in done.stderr


def test_full_disk_is_named_and_leaves_nothing_half_written(nowhere):
    import resource

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    done = start([*DIGITS, "--out", "run", "--formats", ""], preexec_fn=limit)
    _, error = done.communicate()
    assert done.returncode == 2
    assert "File too large" in error
    assert [p.name for p in (nowhere / "run").iterdir()] == ["settings.json"]


def test_killed_run_resumes_to_the_same_model(nowhere):
    arguments = ["run", "digits", "--model", "softmax", "--epochs", "80"]
    killed = start([*arguments, "--out", "killed", "--formats", ""])
    checkpoint = nowhere / "killed/checkpoint.npz"
    deadline = time.monotonic() + 120
    while not checkpoint.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert checkpoint.exists()
    assert not (nowhere / "killed/metrics.json").exists()
    results = []
    for out in ("killed", "whole"):
        assert main([*arguments, "--out", out, "--formats", ""]) == 0
        results.append(keras.saving.load_model(nowhere / out / "model.keras").get_weights())
    for resumed, uninterrupted in zip(*results):
        np.testing.assert_array_equal(resumed, uninterrupted)


def test_a_plume_with_a_film(capsys, nowhere):
    command = ["run", "plume", "--cells", "12x16", "--steps", "3", "--out", "plume"]
    classic = ["--solver", "diagonal-cg", "--reference", "diagonal-cg"]
    assert main([*command, *classic, "--video", "plume.gif"]) == 0
    assert "kinetic energy" in capsys.readouterr().out
    assert (nowhere / "plume.gif").stat().st_size > 100
    assert (nowhere / "plume" / "figures" / "plume.png").is_file()
    assert main([*command, *classic]) == 2
    assert "--overwrite" in capsys.readouterr().err


QUICK = """
import sys
from keras_solvers import applications
from keras_solvers.cli.main import main
for arguments in (["--help"], ["run", "--help"], ["list"], ["--version"], ["lab", "list"]):
    assert main(arguments) == 0, arguments
for name in applications.names():
    assert main(["run", name, "--help"]) == 0, name
assert not {"keras", "tensorflow", "sklearn", "matplotlib"} & set(sys.modules)
"""


def test_what_only_prints_loads_no_keras():
    done = subprocess.run([sys.executable, "-c", QUICK], capture_output=True, text=True, check=True)
    assert keras_solvers.__version__ in done.stdout
