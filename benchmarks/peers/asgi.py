"""FastAPI and asyncpg: one validated body, one durable insert of both rows, one answer."""

import json
import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI
from pydantic import BaseModel, Field

STATEMENT = """
WITH accepted AS (
    INSERT INTO peer_feedback (id, document) VALUES ($1, $2) RETURNING id
)
INSERT INTO peer_outbox (event_id, item_id, body) SELECT $3, id, $2 FROM accepted
"""
TABLES = """
CREATE TABLE IF NOT EXISTS peer_feedback (id uuid PRIMARY KEY, document jsonb NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS peer_outbox (id bigserial PRIMARY KEY, event_id uuid UNIQUE NOT NULL,
    item_id uuid NOT NULL, body jsonb NOT NULL, sent_at timestamptz);
"""


class Location(BaseModel):
    """Where, as told."""

    address: str | None = None
    district: str | None = None


class Feedback(BaseModel):
    """The body of the measured request."""

    text: str = Field(min_length=1, max_length=10_000)
    category: str = "unsure"
    language: str | None = None
    location: Location | None = None


@asynccontextmanager
async def _connected(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["PEER_DATABASE"], min_size=8, max_size=16) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=_connected)


@app.post("/api/v1/feedback", status_code=201)
async def accept(body: Feedback) -> dict[str, str]:
    """Store the concern and its outbox row in one statement, then answer."""
    item = uuid.uuid4()
    await app.state.pool.execute(STATEMENT, item, json.dumps(body.model_dump()), uuid.uuid4())
    return {"id": str(item)}
