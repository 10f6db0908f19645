package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/strictjson"
)

// A task is one object that compute reads. Fields that its mechanism does not
// use are read all the same.
type task struct {
	Mechanism string  `json:"mechanism"`
	Authcid   string  `json:"authcid"`
	Authzid   *string `json:"authzid"`
	Password  string  `json:"password"`
	Prepare   *bool   `json:"prepare"`

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

// maxTask is how long a task may be, in octets.
const maxTask = 1 << 20

// readTask reads one object strictly.
func readTask(object []byte) (t task, err error) {
	if err := strictjson.Unmarshal(object, maxTask, &t); err != nil {
		return t, badInput{err}
	}
	if _, known := sasl.Lookup(t.Mechanism); !known {
		return t, bad("mechanism %.40q is not known here", t.Mechanism)
	}
	return t, nil
}
