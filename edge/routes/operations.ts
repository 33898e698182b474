/** `POST /v1/models/{name}[@{version}]/{operation}`, for every operation of the registry. */
import { Hono } from 'hono';
import type * as z from 'zod';
import type { AnswerToRows } from '../../shared/answerToRows.ts';
import { OperationName } from '../../shared/manifest.ts';
import type { AppEnvironment } from '../environment.ts';
import { OPERATIONS } from '../operations/registry.ts';
import { handlerOf } from '../requests/handler.ts';

type Registry = typeof OPERATIONS;
type InputOf<Schema> = Schema extends z.ZodType ? z.input<Schema> : never;
type OutputOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : never;
type AnswerOf<Reply> = Reply extends { problems?: unknown } ? AnswerToRows<Reply> : Reply;

/** The types of the routes for Hono's typed client, where query parameters are text. */
type Schema = {
  [Name in OperationName as `/v1/models/:model/${Name}`]: {
    $post: {
      input: {
        param: { model: string };
        json: InputOf<Registry[Name]['body']>;
        query?: { [Parameter in keyof OutputOf<Registry[Name]['query']>]?: string };
      };
      output: AnswerOf<OutputOf<Registry[Name]['answer']>>;
      outputFormat: 'json';
      status: 200;
    };
  };
};

export const operations = OperationName.options.reduce(
  (app, name) => app.post(`/v1/models/:model/${name}`, handlerOf(name, OPERATIONS[name])),
  new Hono<AppEnvironment>(),
  // Routes added in a loop lose their types.
) as unknown as Hono<AppEnvironment, Schema>;
