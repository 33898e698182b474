/** The tools of this Worker: the operations of the version of each model that answers. */
import type { Tool } from '@modelcontextprotocol/server';
import type { Manifest, OperationName } from '../../shared/manifest.ts';
import type { Models } from '../models/models.ts';
import { OPERATIONS } from '../operations/registry.ts';
import { describeTool } from './describe.ts';
import { inputSchema } from './inputSchema.ts';
import { outputSchema } from './outputSchema.ts';
import { toolName } from './toolNames.ts';

/** An operation of a model. */
export interface ModelTool {
  readonly model: string;
  readonly operation: OperationName;
  readonly tool: Tool;
}

const known = new WeakMap<Manifest, readonly ModelTool[]>();

/** Returns all tools, sorted by model; those of a version are made once. */
export async function listTools(models: Models): Promise<readonly ModelTool[]> {
  const first = new Map<string, Manifest>();
  // The version that answers requests without one comes first.
  for (const manifest of await models.list())
    if (!first.has(manifest.name)) first.set(manifest.name, manifest);
  return [...first.values()].flatMap((manifest) => {
    const tools = known.get(manifest) ?? toolsOf(manifest);
    known.set(manifest, tools);
    return tools;
  });
}

function toolsOf(manifest: Manifest): ModelTool[] {
  return manifest.operations.map((operation) => ({
    model: manifest.name,
    operation,
    tool: {
      name: toolName(manifest.name, operation),
      title: `${manifest.name}: ${operation}`,
      description: describeTool(manifest, operation, OPERATIONS[operation]),
      inputSchema: inputSchema(manifest, OPERATIONS[operation]) as Tool['inputSchema'],
      outputSchema: outputSchema(manifest, OPERATIONS[operation]) as NonNullable<Tool['outputSchema']>,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
  }));
}
