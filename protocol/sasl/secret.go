package sasl

import (
	"bytes"
	"encoding/json"
	"errors"
)

// A Secret is a password in a set-up: text, or withheld (not the same as
// empty). Its JSON form is a string, or {"withheld":true}.
type Secret struct {
	Text     string
	Withheld bool
}

const withheldJSON = `{"withheld":true}`

// MarshalJSON writes the text, or that it is withheld; never both.
func (s Secret) MarshalJSON() ([]byte, error) {
	if s.Withheld {
		return []byte(withheldJSON), nil
	}
	return json.Marshal(s.Text)
}

// UnmarshalJSON reads those two forms and no other.
func (s *Secret) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	if len(data) > 0 && data[0] == '"' {
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
		*s = Secret{Text: text}
		return nil
	}
	var plain bytes.Buffer
	if err := json.Compact(&plain, data); err != nil {
		return err
	}
	if plain.String() != withheldJSON {
		return errors.New(`sasl: a secret is a string or {"withheld":true}`)
	}
	*s = Secret{Withheld: true}
	return nil
}
