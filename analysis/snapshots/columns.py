"""A table with its index as Parquet and back, bit for bit."""

import json
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

_INDEX = "__row__"
_ABOUT = b"milieu"
# So many rows lie together: enough to compress well, few enough to be read in portions.
_ROWS_TOGETHER = 20_000
_PLAIN = "iufb"


def write_frame(frame: pd.DataFrame, target: BinaryIO) -> None:
    """Parquet of the frame's columns and index.

    Raises: TypeError for a frame whose index has several levels, whose columns are not named by
    texts, or hold what is neither number, truth value, text nor a value as JSON has it.
    """
    if frame.index.nlevels > 1 or not all(isinstance(name, str) for name in frame.columns):
        raise TypeError("A snapshot keeps tables with one index and columns named by texts.")
    index = pd.Series(frame.index.array, dtype=frame.index.dtype)
    columns = [index, *(frame.iloc[:, at] for at in range(frame.shape[1]))]
    kinds = [_kind(column) for column in columns]
    about = {
        "columns": [[kind, str(each.dtype)] for kind, each in zip(kinds, columns, strict=True)],
        "index": frame.index.name,
        "labels": str(frame.columns.dtype),
    }
    arrays = [_array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    schema = pa.schema(
        zip([_INDEX, *frame.columns], [each.type for each in arrays], strict=True),
        metadata={_ABOUT: json.dumps(about)},
    )
    with pq.ParquetWriter(pa.PythonFile(target, mode="w"), schema, compression="zstd") as writer:
        writer.write_table(pa.Table.from_arrays(arrays, schema=schema), _ROWS_TOGETHER)


def read_frame(data: bytes) -> pd.DataFrame:
    """The frame that was written, with the types of its columns.

    Raises: errors of Arrow and others, if the bytes are not what `write_frame` wrote.
    """
    with pq.ParquetFile(pa.BufferReader(data)) as file:
        about = json.loads(file.schema_arrow.metadata[_ABOUT])
        names = file.schema_arrow.names[1:]
        index = pd.Index(
            _column(file, 0, about["columns"]), dtype=about["columns"][0][1], name=about["index"]
        )
        frame = _frame(file, about["columns"])
    frame.index = index
    frame.columns = pd.Index(names, dtype=about["labels"])
    return frame


def _frame(file: pq.ParquetFile, about: list[list[str]]) -> pd.DataFrame:
    """The columns but the index, named by their numbers.

    One after the other, so that Arrow's copy of the whole is never held beside ours; floats
    straight into the one block in which pandas keeps them, which would copy them otherwise.
    """
    floats = [at for at in range(1, len(about)) if about[at][1] == "float64"]
    block = np.empty((len(floats), file.metadata.num_rows))
    for row, at in enumerate(floats):
        block[row] = _column(file, at, about)
    numbers = pd.DataFrame(block.T, columns=floats, copy=False)
    rest = {at: _column(file, at, about) for at in range(1, len(about)) if at not in set(floats)}
    if not rest:
        return numbers
    whole = pd.concat([numbers, pd.DataFrame(rest)], axis=1)
    return whole[list(range(1, len(about)))]


def _column(file: pq.ParquetFile, at: int, about: list[list[str]]) -> Any:
    """By number: a name with dots would be taken for a path."""
    kind, dtype = about[at]
    return _values(file.reader.read_column(at), kind, dtype)


def _kind(column: pd.Series) -> str:
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in _PLAIN:
        return "plain"
    if isinstance(column.dtype, pd.StringDtype):
        return "text"
    if column.dtype != object:
        raise TypeError(f"A column of {column.dtype} cannot be kept in a snapshot.")
    return "text" if all(value is None or _is_text(value) for value in column) else "json"


def _is_text(value: object) -> bool:
    """Not a text with half a character in it, which only an escape can hold."""
    if not isinstance(value, str):
        return False
    return value.isascii() or not any("\ud800" <= each <= "\udfff" for each in value)


def _array(column: pd.Series, kind: str) -> pa.Array:
    if kind == "plain":
        # NaN stays a number: what is missing is part of the bits.
        return pa.array(np.ascontiguousarray(column.to_numpy()), from_pandas=False)
    if kind == "text":
        return pa.array(list(column), type=pa.string(), from_pandas=True)
    return pa.array([json.dumps(value) for value in column], type=pa.string())


def _values(column: pa.ChunkedArray, kind: str, dtype: str) -> Any:
    if kind == "plain":
        return column.to_numpy().astype(dtype, copy=False)
    texts = _texts(column)
    if kind == "json":
        texts = _objects([json.loads(text) for text in texts])
    # As a series: in a plain array pandas would see texts, and make them its own kind of text.
    return pd.Series(texts, dtype=dtype)


def _texts(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """Objects; a text that comes again and again is held once a portion."""
    found: list[npt.NDArray[Any]] = [np.empty(0, dtype=object)]
    for chunk in column.chunks:
        coded = chunk.dictionary_encode()
        words = _objects([*coded.dictionary.to_pylist(), None])
        found.append(words[coded.indices.fill_null(len(words) - 1).to_numpy()])
    return np.concatenate(found)


def _objects(values: list[Any]) -> npt.NDArray[Any]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
