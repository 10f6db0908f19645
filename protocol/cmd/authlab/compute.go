package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"strings"
	"time"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/trace"
)

var computeCommand = command{name: "compute", about: `
< TASK.json

Runs the client's half of a mechanism against challenges. Reads JSON objects
from standard input, one or many, and answers each with one line:

  {"mechanism","authcid","authzid","password","prepare","realm","service","host",
   "port","domain","workstation","token","nonce","random","time",
   "channelBinding":{"type","data"},"challenges":[...]}
  {"responses":[...],"error","steps":[...]}

Challenges, responses, random and data are base64. What does not apply is left
out; an absent authzid is not an empty one: without one OAUTHBEARER asks for the
authcid, with an empty one for nobody by name. "prepare": false is a client that
does without SASLprep, as many do in CRAM-MD5 and DIGEST-MD5. "nonce" pins the client's nonce
(NTLM's in 16 hexadecimal digits), "random" is the source of randomness, octet
by octet, and "time" (RFC 3339) the clock; without them they are the system's. A
mechanism whose client may speak first says its first response unasked, unless the first challenge is empty:
that asks for it. LOGIN waits to be asked. "error" is why the mechanism gave up,
"steps" are what it computed.
`, flags: func(*flag.FlagSet) func(context.Context, []string, streams) error {
	return func(_ context.Context, args []string, s streams) error {
		if err := none(args); err != nil {
			return err
		}
		in := &limited{Reader: s.in, what: "a task", most: maxTask}
		for objects := json.NewDecoder(in); ; {
			in.read = 0
			var object json.RawMessage
			if err := objects.Decode(&object); err == io.EOF {
				return nil
			} else if err != nil {
				return badInput{err}
			}
			t, err := readTask(object)
			if err != nil {
				return err
			}
			line, err := jsonLine(t.compute())
			if err != nil {
				return err
			}
			if _, err := s.out.Write(line); err != nil {
				return err
			}
		}
	}
}}

// An answer is what a task comes to.
type answer struct {
	Responses []string     `json:"responses"`
	Error     string       `json:"error,omitempty"`
	Steps     []trace.Step `json:"steps"`
}

// compute drives the client's half over the challenges.
func (t task) compute() answer {
	m, _ := sasl.Lookup(t.Mechanism)
	rec := trace.NewRecorder(trace.Client)
	env := &sasl.Env{Rand: rand.Reader, Now: time.Now, Trace: rec}
	if t.Random != nil {
		env.Rand = bytes.NewReader(*t.Random)
	}
	if t.Time != nil {
		env.Now = func() time.Time { return *t.Time }
	}
	a := answer{Responses: []string{}}
	half := m.Client(t.credentials(), t.options())
	next := func(challenge sasl.Message) bool {
		result, err := half.Next(env, challenge)
		if err != nil {
			a.Error = reason(err)
			return false
		}
		if result.Send.Present {
			spelled := rec.Base64("response-base64", result.Send.Value)
			a.Responses = append(a.Responses, rec.Sent("response-base64", spelled, false).String())
		}
		return true
	}
	asked := m.ClientFirst && len(t.Challenges) > 0 && len(t.Challenges[0]) == 0
	if asked || next(sasl.Message{}) {
		for _, c := range t.Challenges {
			if !next(sasl.Send(rec.Received("challenge", c, false))) {
				break
			}
		}
	}
	a.Steps = append([]trace.Step{}, rec.Take()...)
	return a
}

func (t task) credentials() sasl.Credentials {
	authzid := deref(t.Authzid)
	if t.Authzid == nil && strings.EqualFold(t.Mechanism, "OAUTHBEARER") { // RFC 7628 §3.1 has no other name in it
		authzid = t.Authcid
	}
	return sasl.Credentials{Authcid: t.Authcid, Authzid: authzid, Password: sasl.Secret{Text: t.Password}, Token: sasl.Secret{Text: deref(t.Token)}}
}

// options are what the mechanism's half is told. Channel binding data stand for
// the TLS connection that they are of.
func (t task) options() sasl.ClientOptions {
	o := sasl.ClientOptions{
		Host: deref(t.Host), Nonce: deref(t.Nonce),
		Digest: sasl.DigestClient{Service: deref(t.Service), Realm: deref(t.Realm)},
		NTLM:   sasl.NTLMClient{Domain: deref(t.Domain), Workstation: deref(t.Workstation)},
		OAuth:  sasl.OAuthClient{Port: int(*cmp.Or(t.Port, new(uint16)))},
	}
	if t.Prepare != nil && !*t.Prepare {
		o.Quirks = &quirk.Record{Asked: quirk.Set{quirk.Unprepared}}
	}
	if b := t.ChannelBinding; b != nil {
		o.Channel.TLS, o.SCRAM.Binding = true, sasl.Binding(b.Type)
		switch o.SCRAM.Binding {
		case sasl.TLSExporter:
			o.Channel.Exporter = b.Data
		case sasl.TLSServerEndPoint:
			o.Channel.EndPoint = b.Data
		}
	}
	return o
}

// reason is an error's as the mechanism names it, behind whose fault it was.
func reason(err error) string {
	if fault := (*sasl.Error)(nil); errors.As(err, &fault) {
		if said, known := what[fault.Reason]; known && fault.Reason == "no-kdc" {
			return string(fault.Kind) + ": " + fault.Reason + ": " + said
		}
		return string(fault.Kind) + ": " + fault.Reason
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "random: there is too little of it"
	}
	return err.Error()
}

func deref(s *string) string { return *cmp.Or(s, new(string)) }
