/** The inputs of the profile fields, made from the option `profileSchema`. */
import type { ReactNode } from 'react';
import AuthField from '@theme/AuthField';
import type { Props } from '@theme/AuthProfileFields';
import {
  profileFields,
  profileInputName,
  useAuthOptions,
} from 'docusaurus-plugin-auth-service/client';

const inputTypes = { date: 'date', email: 'email', uri: 'url' } as const;

export default function AuthProfileFields({ page, errors, values = {} }: Props): ReactNode {
  const { profileSchema } = useAuthOptions();
  const required = (page === 'signUp' && profileSchema?.required) || [];
  return profileFields(profileSchema, page).map(([name, field]) => {
    const value = values[name];
    const shared = {
      label: field.title ?? name,
      name: profileInputName(name),
      hint: field.description,
      error: errors[profileInputName(name)],
      required: required.includes(name),
    };
    if (field.type === 'boolean') {
      return <AuthField key={name} type="checkbox" defaultChecked={value === true} {...shared} />;
    }
    const defaultValue = typeof value === 'string' || typeof value === 'number' ? value : '';
    if (field.enum) {
      return <AuthField key={name} choices={field.enum} defaultValue={defaultValue} {...shared} />;
    }
    const isNumber = field.type !== 'string';
    return (
      <AuthField
        key={name}
        type={isNumber ? 'number' : field.format ? inputTypes[field.format] : 'text'}
        {...(field.type === 'number' && { step: 'any' })}
        {...(isNumber && { min: field.minimum, max: field.maximum })}
        maxLength={field.maxLength}
        defaultValue={defaultValue}
        {...shared}
      />
    );
  });
}
