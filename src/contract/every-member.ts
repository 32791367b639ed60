/**
 * The list of all members of a union of names: `everyMember<'a' | 'b'>()(['a', 'b'])`. A list that lacks one, or has
 * one too many, does not compile.
 */
export function everyMember<Union extends string>() {
  return <const List extends readonly Union[]>(
    list: List &
      ([Union] extends [List[number]] ? unknown : { readonly missing: Exclude<Union, List[number]> }),
  ): readonly Union[] => list;
}
