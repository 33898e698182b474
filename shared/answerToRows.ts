/** The type of an answer to rows, of which some may have no answer of their own. */

type Answered<List> = List extends readonly (infer Each)[] ? NonNullable<Each>[] : List;

/** An answer that every row is answered in: it has no problems, and its lists hold no null. */
export type AnswerToAll<Reply> = {
  [Member in keyof Reply]: Member extends 'problems' ? undefined : Answered<Reply[Member]>;
};

/**
 * An answer to rows, from the type of its schema: its lists may hold null only if it has `problems`, so that
 * TypeScript knows which of both it is once these are checked.
 *
 * @example
 * const { codes, problems } = await response.json();
 * if (problems) throw new Error(problems[0]!.detail);
 * const [first] = codes; // number[]; without the line above, number[] | null
 */
export type AnswerToRows<Reply extends { readonly problems?: unknown }> =
  | AnswerToAll<Reply>
  | (Reply & { readonly problems: NonNullable<Reply['problems']> });
