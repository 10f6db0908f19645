package client

// Expire tells that whoever runs the client has waited long enough, whatever
// the client's own limit is (SEQ-19). Nobody misses the reply to QUIT.
func (c *Client) Expire() []Event {
	if c.state.Phase == Quitting {
		return c.Step(Input{Kind: PeerClosed})
	}
	return c.Step(Input{Kind: Clock, Now: c.since.Add(replyLimit)})
}
