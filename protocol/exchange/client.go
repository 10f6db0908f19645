package exchange

import (
	"encoding/base64"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/trace"
)

// A Client carries the client's half of one exchange. The zero value carries
// none.
type Client struct {
	line
	half sasl.Exchange
	// Mute is so until something was said, where the first challenge may be words
	// (NTL-03).
	Mute bool
	// Done is so when the half has said all it has to say, and Open where it may yet
	// be told why it is refused.
	Done, Open bool
}

// NewClient returns the exchange of a client's half. It is open where there is no
// TLS; mute where the first challenge may be words.
func NewClient(f *Framing, half sasl.Exchange, env *sasl.Env, open, mute bool) Client {
	return Client{line: line{f, env, open}, half: half, Mute: mute}
}

// Runs reports whether there is a half.
func (c *Client) Runs() bool { return c.half != nil }

// First asks the half for its initial response. Absent, it has none.
func (c *Client) First() (sasl.Message, error) {
	result, err := c.half.Next(c.env, sasl.Message{})
	if err != nil {
		return sasl.Message{}, err
	}
	c.said(result)
	c.Mute = c.Mute && !result.Send.Present
	return result.Send, nil
}

// Challenge reads what stands behind Framing.Challenge. Where the first challenge
// may be words, it is not decoded. The error is a *trace.Base64Error.
func (c *Client) Challenge(text []byte) (challenge trace.Value, where machine.Base64, err error) {
	rec := c.env.Trace
	challenge = rec.Received("challenge-base64", text, c.open)
	words := c.Mute
	if c.Mute = false; words {
		return challenge, where, nil
	}
	if challenge, err = rec.Unbase64("challenge", challenge); err == nil {
		where = machine.Base64{Offset: len(c.framing.Challenge), Length: len(text), Step: challenge.Step()}
	}
	return challenge, where, err
}

// Answer hands the half a challenge. Its errors are the half's.
func (c *Client) Answer(challenge trace.Value) (sasl.Result, error) {
	result, err := c.half.Next(c.env, sasl.Send(challenge))
	if err == nil {
		c.said(result)
	}
	return result, err
}

func (c *Client) said(result sasl.Result) { c.Done, c.Open = result.Done, result.Open }

// Fits reports whether a response of so many octets fits into its line, in which
// it begins at octet at: 0, or behind a command.
func (c *Client) Fits(at, octets int) bool {
	most := c.framing.Response
	if at > 0 {
		most = c.framing.Command
	}
	return most == 0 || at+base64.StdEncoding.EncodedLen(octets)+len("\r\n") <= most
}

// Spell spells a response, which begins at octet at of its line; an empty one is
// nothing, or Empty where it is an initial response (at is not 0).
func (c *Client) Spell(response trace.Value, at int) (text string, where machine.Base64) {
	if at > 0 && len(response.Octets) == 0 {
		return Empty, where
	}
	octets, where := c.spell("response-base64", response, at)
	return string(octets), where
}
