import { describe, expect, it } from 'vitest';
import { personalName } from '../../src/personal/names.js';

describe('names of personal data', () => {
  it.each([
    ['email', 'em'],
    ['E-Mail', 'em'],
    ['customerEmail', 'em'],
    ['customer-email', 'em'],
    ['Customer Email', 'em'],
    ['billing_contact_email_address', 'em'],
    ['user.phone', 'ph'],
    ['phone_e164', 'ph'],
    ['PHONE_E164_2', 'ph'],
    ['home_phone_number', 'ph'],
    ['mobile', 'ph'],
    ['Telephone', 'ph'],
    ['first_name', 'fn'],
    ['buyerLastName', 'ln'],
    ['email_1', 'em'],
    ['email[0]', 'em'],
    ['full_name', undefined],
    ['user_dob', undefined],
    ['DateOfBirth', undefined],
    ['birthday', undefined],
    ['shipping_street_address', undefined],
    ['street', undefined],
    ['ssn', undefined],
    ['passport', undefined],
  ])('%s', (name, field) => {
    expect(personalName(name)).toEqual({ field });
  });

  it.each([
    'email_campaign',
    'phone_model',
    'email_opt_in',
    'mobile_os',
    'mailing',
    'hashed_email',
    'product_name',
    'name',
    'street_art',
    'customer',
    'user_1',
    '',
    '1',
  ])('%s is none', (name) => {
    expect(personalName(name)).toBeUndefined();
  });
});

it.each(['em_01', 'em-1', 'em[0]', 'em_1_1', 'em_20261119', 'user_em', 'ph_01', 'fn_01'])(
  'the standard name %s as a custom column is personal',
  (name) => {
    expect(personalName(name)).toBeDefined();
  },
);
