package view

import (
	"slices"
	"strings"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// An Act is a dialect to choose.
type Act struct {
	ID, Name, Version string
	Evidence          ID
	Sources           []string
	Here              bool
}

// Acts are those of a group.
type Acts struct {
	Name ID
	Rows []Act
}

// ActsOf are the dialects of a side that have all words of the query, by group.
func ActsOf(all *dialect.All, side session.Side, setup session.Setup, query string) (groups []Acts) {
	var list []dialect.About
	here := setup.Server.Dialect
	if side == session.Client {
		here = setup.Client.Dialect
		for _, c := range all.Clients {
			list = append(list, c.About)
		}
	} else {
		for _, s := range all.Servers {
			list = append(list, s.About)
		}
	}
	wanted := strings.Fields(strings.ToLower(query))
	for _, group := range dialect.Groups {
		g := Acts{Name: ID("dialect.group." + group)}
		for _, a := range list {
			text := strings.ToLower(a.ID + " " + a.Name + " " + a.Version + " " + string(a.Evidence))
			lacks := func(word string) bool { return !strings.Contains(text, word) }
			if a.Group == group && !slices.ContainsFunc(wanted, lacks) {
				g.Rows = append(g.Rows, Act{a.ID, a.Name, a.Version, ID("dialect.evidence." + a.Evidence), a.Sources, a.ID == here})
			}
		}
		if len(g.Rows) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// Imitate lets a side of the set-up behave like the dialect id; with "" as the
// scenario has it.
func Imitate(setup *session.Setup, all *dialect.All, side session.Side, id, scene string) (err error) {
	opening, known := scenario.ByID(scene)
	if !known {
		opening, _ = scenario.ByID(scenario.Default)
	}
	as := opening.Setup()
	switch {
	case side == session.Client && id == "":
		as.Client.User, as.Client.Host = setup.Client.User, setup.Client.Host
		setup.Client = as.Client
	case side == session.Client:
		setup.Client, err = all.Plan(setup.Client, id, "")
	case id == "":
		as.Server.Accounts = setup.Server.Accounts
		setup.Server = as.Server
		setup.Client.Host = setup.Server.Host
	default:
		role := setup.Server.Role
		if setup.Server, err = all.Policy(setup.Server, id, ""); setup.Server.Role == "" {
			setup.Server.Role = role
		}
		setup.Client.Host = setup.Server.Host
	}
	if err == nil && setup.Server.Role == server.Submissions {
		setup.Client.TLS = client.Implicit
	}
	return err
}
