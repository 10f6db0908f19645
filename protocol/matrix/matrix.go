package matrix

import (
	"errors"
	"runtime"
	"slices"
	"sync"

	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

// A Matrix holds a cell for each pair.
type Matrix struct {
	Servers []string `json:"servers"` // ids, in the order of the dialects
	Clients []string `json:"clients"`
	Kinds   []Cell   `json:"kinds"` // the cells that differ, by first appearance
	Cells   [][]int  `json:"cells"` // for each server a row with a kind for each client
}

// Run runs a set-up to its end and says what comes of it.
func Run(setup session.Setup) (Cell, error) {
	s, err := session.New(setup)
	if err != nil {
		return Cell{}, err
	}
	defer s.Close()
	s.Run()
	return Of(setup, s.Frames()), nil
}

// Compute runs pairs: those of the servers and the clients named, all of
// them where none is. The same dialects give the same matrix.
func Compute(all *dialect.All, servers, clients []string) (*Matrix, error) {
	if len(servers) == 0 {
		for _, s := range all.Servers {
			servers = append(servers, s.ID)
		}
	}
	if len(clients) == 0 {
		for _, c := range all.Clients {
			clients = append(clients, c.ID)
		}
	}
	m := &Matrix{Servers: servers, Clients: clients}
	cells := make([]Cell, len(m.Servers)*len(m.Clients))
	faults := make([]error, len(cells))
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				setup, err := scenario.Pair(all, m.Servers[i/len(m.Clients)], m.Clients[i%len(m.Clients)])
				if err == nil {
					cells[i], err = Run(setup)
				}
				faults[i] = err
			}
		})
	}
	for i := range cells {
		next <- i
	}
	close(next)
	workers.Wait()
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	for row := range slices.Chunk(cells, len(m.Clients)) {
		var kinds []int
		for _, c := range row {
			at := slices.Index(m.Kinds, c)
			if at < 0 {
				at = len(m.Kinds)
				m.Kinds = append(m.Kinds, c)
			}
			kinds = append(kinds, at)
		}
		m.Cells = append(m.Cells, kinds)
	}
	return m, nil
}

// At is the cell of a server and a client, by their places.
func (m *Matrix) At(server, client int) Cell { return m.Kinds[m.Cells[server][client]] }
