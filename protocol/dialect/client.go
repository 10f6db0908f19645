package dialect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
)

// A Client is a client's dialect.
type Client struct {
	About
	Habit
	// Options are what its user may ask of it, by the words of recordings:
	// "mechanism" stands for "mechanism NAME", which sets Mechanisms besides.
	Options map[string]Habit `json:"options,omitempty"`
}

// A Habit is how a client behaves. What is absent is as before: in an option as
// in the dialect, there as in the one that it is like.
type Habit struct {
	Mechanisms *string     `json:"mechanisms,omitempty"` // best first, spaces between them
	Clear      string      `json:"clear,omitempty"`      // without TLS, where they are others
	TLS        client.TLS  `json:"tls,omitempty"`
	When       client.When `json:"auth,omitempty"`
	Initial    *bool       `json:"initial,omitempty"`
	InClear    *bool       `json:"in_clear,omitempty"` // shows its password without TLS
	Unlisted   string      `json:"unlisted,omitempty"`
	Prompts    *sasl.Asked `json:"prompts,omitempty"`
	NoMail     bool        `json:"no_mail,omitempty"` // logs in and leaves
	Quirks     Names       `json:"quirks,omitempty"`
}

// Apply lays h over p.
func (h Habit) Apply(p *client.Plan) {
	if h.Mechanisms != nil {
		p.Mechanisms = strings.Fields(*h.Mechanisms)
	}
	if h.Clear != "" {
		p.ClearMechanisms = strings.Fields(h.Clear)
	}
	p.TLS, p.When = cmp.Or(h.TLS, p.TLS), cmp.Or(h.When, p.When)
	if h.Initial != nil {
		p.Initial = *h.Initial
	}
	if h.InClear != nil {
		p.InClear = *h.InClear
	}
	p.Unlisted = cmp.Or(h.Unlisted, p.Unlisted)
	if h.Prompts != nil {
		p.Prompts = *h.Prompts
	}
	if h.NoMail {
		p.Mail = nil
	}
	p.Quirks = h.Quirks.apply(p.Quirks)
}

// Client finds a client's dialect.
func (a *All) Client(id string) (Client, bool) {
	i := slices.IndexFunc(a.Clients, func(c Client) bool { return c.ID == id })
	if i < 0 {
		return Client{}, false
	}
	return a.Clients[i], true
}

// Plan is base in a client's dialect, with options as recordings word them,
// commas between them. Name, Host, User and Mail are those of base; Dialect is
// "ID" or "ID/OPTIONS".
func (a *All) Plan(base client.Plan, id, options string) (client.Plan, error) {
	c, known := a.Client(id)
	if !known {
		return client.Plan{}, fmt.Errorf("no client's dialect is called %q", id)
	}
	if c.Like != "" {
		like, err := a.Plan(base, c.Like, "")
		if err != nil {
			return client.Plan{}, err
		}
		base = like
	} else {
		base.TLS, base.When, base.Mechanisms, base.ClearMechanisms = client.NoTLS, client.First, nil, nil
		base.Initial, base.InClear, base.Insist, base.Cancel = true, true, false, false
		base.Unlisted, base.Prompts, base.Quirks = "", sasl.Asked{}, nil
	}
	c.Habit.Apply(&base)
	if base.Dialect = id; options != "" {
		base.Dialect += "/" + options
	}
	for option := range strings.SplitSeq(options, ", ") {
		word, mechanism, _ := strings.Cut(option, " ")
		switch {
		case option == "STARTTLS":
			base.TLS = client.StartTLS
		case word == "mechanism" && mechanism != "":
			base.Mechanisms, base.ClearMechanisms, base.Unlisted = []string{mechanism}, nil, ""
			c.Options[word].Apply(&base)
		}
		c.Options[option].Apply(&base)
	}
	return base, nil
}

func (a *All) checkClients() error {
	seen := map[string]bool{}
	for _, c := range a.Clients {
		if err := c.About.check(seen); err != nil {
			return err
		}
		for _, h := range slices.AppendSeq([]Habit{c.Habit}, maps.Values(c.Options)) {
			if err := h.Quirks.check(quirk.Client); err != nil {
				return fmt.Errorf("dialect %s: %w", c.ID, err)
			}
		}
	}
	return nil
}
