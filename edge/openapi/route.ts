/** What a route takes and answers: its part of the OpenAPI document is written from this. */
import type * as z from 'zod';
import type { ProblemSlug } from '../problems.ts';
import type { JsonSchema } from './schema.ts';

/** What routes are grouped by. */
export const TAGS = {
  operations: 'What models do. Each offers some of the operations; GET /v1/models lists them.',
  models: 'What is served, and what each model is.',
  protocol:
    'The Open Inference Protocol, as clients of KServe and Triton speak it. What it calls a model is one graph.',
  service: 'The API itself.',
  admin: 'Looking after the Worker.',
} as const;

/** A body in one media type. */
export interface Content {
  /** Of the document itself; a zod schema becomes a component of its own. */
  readonly schema: z.ZodType | JsonSchema;
  readonly example?: unknown;
}

export interface RouteAnswer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Content['schema']>>;
  /** By media type. */
  readonly content: Readonly<Record<string, Content>>;
}

export interface Route {
  /** Unique; clients that are generated name their functions after it. */
  readonly id: string;
  readonly tag: keyof typeof TAGS;
  /** In one line. */
  readonly summary: string;
  /** The scope that a key must have; null where none is needed. */
  readonly scope: 'infer' | 'admin' | null;
  /** The query parameters, an object. */
  readonly query?: z.ZodType;
  /** Headers that a request may have. */
  readonly headers?: Readonly<Record<string, JsonSchema>>;
  /** The bodies that it takes, by media type. */
  readonly request?: Readonly<Record<string, Content>>;
  /** By status. */
  readonly answers: Readonly<Record<number, RouteAnswer>>;
  /** What can go wrong beside what can always go wrong. */
  readonly problems?: readonly ProblemSlug[];
  /** The form of its errors, where it is not problem+json. */
  readonly errors?: 'protocol';
}

/** The names of the components that a route's JSON bodies are. */
export function requestName(id: string): string {
  return `${capitalized(id)}Request`;
}

export function answerName(id: string): string {
  return `${capitalized(id)}Answer`;
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
