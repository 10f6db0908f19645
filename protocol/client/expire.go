package client

import "example.org/smtpauth/protocol/machine"

// Expire tells that whoever runs the client has waited long enough, whatever
// the client's own limit is (SEQ-19). Nobody misses the reply to QUIT.
func (c *Client) Expire() []Event {
	if c.state.Phase == Quitting {
		return c.Step(machine.Input{Kind: machine.PeerClosed})
	}
	return c.Step(machine.Input{Kind: machine.Clock, Now: c.since.Add(replyLimit)})
}
