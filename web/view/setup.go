package view

import (
	"slices"
	"strconv"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// A Setup is what the set-up sentence shows and lets one change.
type Setup struct {
	User, Password, Host        string
	NoPassword                  bool // the mechanism knows none: the server keeps nothing to check it by
	Port, Mechanism, Protection []Choice
}

// A Choice is one value of a slot. It is shown as Text, or as the words Name.
type Choice struct {
	Value, Text string
	Name        ID
	Chosen      bool
	Group       ID // of several that stand together; empty: by itself
}

// A Slot is a part of the set-up that can be changed in the sentence.
type Slot string

const (
	User       Slot = "user"
	Password   Slot = "password"
	Port       Slot = "port"
	Mechanism  Slot = "mechanism"
	Protection Slot = "protection"
)

var roles = []server.Role{server.Relay, server.Submissions, server.Submission}

// Slots reads a set-up.
func Slots(s session.Setup) Setup {
	v := Setup{User: typeable(s.Client.User.Authcid), Password: typeable(s.Client.User.Password.Text), Host: s.Client.Host}
	for _, r := range roles {
		v.Port = append(v.Port, Choice{Value: string(r), Text: strconv.Itoa(r.Port()), Chosen: r == s.Server.Role})
	}
	v.Mechanism = mechanismChoices(Runs(s))
	v.NoPassword = noPassword(s)
	for _, tls := range scenario.Protections {
		v.Protection = append(v.Protection, Choice{Value: string(tls), Name: ID("ui.protection." + string(tls)), Chosen: tls == s.Client.TLS})
	}
	return v
}

// Runs is the mechanism that the client will take: the first of its own that the
// server offers, or the first of all.
func Runs(s session.Setup) string {
	wanted, offered := s.Client.Mechanisms, s.Server.AfterTLS
	if s.Client.TLS == client.NoTLS {
		offered = s.Server.BeforeTLS
		if len(s.Client.ClearMechanisms) > 0 {
			wanted = s.Client.ClearMechanisms
		}
	}
	for _, name := range wanted {
		if slices.Contains(offered, name) {
			return name
		}
	}
	if len(wanted) > 0 {
		return wanted[0]
	}
	return ""
}

// noPassword tells whether the mechanism that runs knows no password.
func noPassword(s session.Setup) bool {
	m, known := sasl.Lookup(Runs(s))
	return known && m.Facts.Thief == sasl.GainsNothing
}

// mechanismChoices are those to use today, then those that are not, then those
// that nobody has any more, each group in the order of preference.
func mechanismChoices(runs string) (all []Choice) {
	add := func(group ID, name string) {
		all = append(all, Choice{Value: name, Text: name, Group: group, Chosen: name == runs})
	}
	for _, status := range sasl.Statuses() {
		for _, m := range sasl.WithStatus(status) {
			add(statusName(status), m.Name)
		}
	}
	for _, name := range sasl.Gone {
		add(statusGone, name)
	}
	add("", scenario.Unknown)
	return all
}

// Change puts a value into a slot of a set-up.
func Change(s *session.Setup, slot Slot, value string) {
	switch slot {
	case User:
		scenario.SetUser(s, meant(value))
	case Password:
		scenario.SetPassword(s, meant(value))
	case Port:
		scenario.SetRole(s, server.Role(value))
	case Mechanism:
		scenario.SetMechanism(s, value)
	case Protection:
		scenario.SetProtection(s, client.TLS(value))
	default:
		changeMore(s, slot, value)
	}
}
