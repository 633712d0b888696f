/** The name of the input of a profile field. Apart from the rest, which only the pages with such fields load. */
export function profileInputName(field: string): string {
  return `profile.${field}`;
}
