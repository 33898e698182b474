/** The description of a route, from which its part of the OpenAPI document is generated. */
import type * as z from 'zod';
import type { ProblemSlug } from '../problems.ts';
import type { JsonSchema } from './schema.ts';

/** Groups of routes. */
export const TAGS = {
  operations: 'Operations on models. Each model offers some of them; `GET /v1/models` lists which.',
  models: 'The served models.',
  protocol:
    'The Open Inference Protocol, version 2, for clients of KServe and Triton. Its models are single graphs of our models.',
  jobs: 'Answers to all rows of an object in R2, for Workers with the bindings of jobs.',
  feedback: 'Labels of rows that were answered before, for Workers with the binding `ROWS`.',
  service: 'The API itself.',
  admin: 'Administration of the Worker.',
} as const;

/** A body in one media type. */
export interface Content {
  /** A schema of the document, or a zod schema, which becomes a component. */
  readonly schema: z.ZodType | JsonSchema;
  readonly example?: unknown;
}

export interface RouteAnswer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Content['schema']>>;
  /** Headers that only some answers have. */
  readonly optionalHeaders?: Readonly<Record<string, JsonSchema>>;
  /** By media type. */
  readonly content: Readonly<Record<string, Content>>;
}

export interface Route {
  /** Unique; generated clients name their functions after it. */
  readonly id: string;
  readonly tag: keyof typeof TAGS;
  /** One line. */
  readonly summary: string;
  /** The scope that a key needs; null for a public route. */
  readonly scope: 'infer' | 'admin' | null;
  /** The query parameters, an object. */
  readonly query?: z.ZodType;
  /** Headers that a request may have. */
  readonly headers?: Readonly<Record<string, JsonSchema>>;
  /** Bodies of requests, by media type. */
  readonly request?: Readonly<Record<string, Content>>;
  /** Successful answers, by status. */
  readonly answers: Readonly<Record<number, RouteAnswer>>;
  /** Problems in addition to those of every route. */
  readonly problems?: readonly ProblemSlug[];
  /** The form of its errors, if it is not problem+json. */
  readonly errors?: 'protocol';
}

/** Returns the component name of a route's JSON request. */
export function requestName(id: string): string {
  return `${capitalized(id)}Request`;
}

/** Returns the component name of a route's JSON answer. */
export function answerName(id: string): string {
  return `${capitalized(id)}Answer`;
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
