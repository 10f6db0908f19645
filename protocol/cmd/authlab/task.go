package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"example.org/smtpauth/protocol/sasl"
)

// A task is one object that compute reads. Fields that its mechanism does not
// use are read all the same.
type task struct {
	Mechanism string  `json:"mechanism"`
	Authcid   string  `json:"authcid"`
	Authzid   *string `json:"authzid"`
	Password  string  `json:"password"`

	Realm       *string `json:"realm"`
	Service     *string `json:"service"`
	Host        *string `json:"host"`
	Port        *uint16 `json:"port"`
	Domain      *string `json:"domain"`
	Workstation *string `json:"workstation"`
	Token       *string `json:"token"`

	Nonce  *string    `json:"nonce"`
	Random *octets    `json:"random"`
	Time   *time.Time `json:"time"`

	ChannelBinding *struct {
		Type string `json:"type"`
		Data octets `json:"data"`
	} `json:"channelBinding"`
	Challenges []octets `json:"challenges"`
}

// taskFields are the names of a task's fields; encoding/json would take them
// in other letters too.
const taskFields = " mechanism authcid authzid password realm service host port domain workstation token" +
	" nonce random time channelBinding channelBinding.type channelBinding.data challenges "

// octets are base64 in JSON, in the one spelling of RFC 4648 §4.
type octets []byte

func (o *octets) UnmarshalJSON(data []byte) error {
	var text *string
	if err := json.Unmarshal(data, &text); err != nil || text == nil {
		return errors.New("base64 in a string is wanted")
	}
	decoded, err := base64.StdEncoding.Strict().DecodeString(*text)
	if err != nil || strings.ContainsAny(*text, "\r\n") { // encoding/base64 skips those
		return errors.New("this is not base64")
	}
	*o = decoded
	return nil
}

// readTask reads one object strictly: no unknown name, none twice.
func readTask(object json.RawMessage) (task, error) {
	var t task
	if object = bytes.TrimSpace(object); object[0] != '{' {
		return t, bad("an object is wanted, not %.20s", object)
	}
	if err := onlyFields(json.NewDecoder(bytes.NewReader(object)), ""); err != nil {
		return t, err
	}
	if err := json.Unmarshal(object, &t); err != nil {
		return t, badInput{err}
	}
	if _, known := sasl.Lookup(t.Mechanism); !known {
		return t, bad("mechanism %q is not known here", t.Mechanism)
	}
	return t, nil
}

// onlyFields refuses a name that a task does not have, or has already.
func onlyFields(dec *json.Decoder, path string) error {
	token, err := dec.Token()
	if err != nil {
		return badInput{err}
	}
	open, nested := token.(json.Delim)
	if !nested {
		return nil
	}
	seen := map[string]bool{}
	for dec.More() {
		inner := path
		if open == '{' {
			token, err := dec.Token()
			if err != nil {
				return badInput{err}
			}
			name, _ := token.(string)
			if inner = strings.TrimPrefix(path+"."+name, "."); seen[name] {
				return bad("field %q is there twice", inner)
			}
			if seen[name] = true; strings.Contains(inner, " ") || !strings.Contains(taskFields, " "+inner+" ") {
				return bad("field %q is unknown", inner)
			}
		}
		if err := onlyFields(dec, inner); err != nil {
			return err
		}
	}
	if _, err = dec.Token(); err != nil {
		return badInput{err}
	}
	return nil
}
