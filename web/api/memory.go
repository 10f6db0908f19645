package api

import (
	"slices"
	"sync"
	"time"
)

// Memory is a Store that forgets everything with its program, and the oldest
// where there is no more room.
type Memory struct {
	Now    func() time.Time
	mutex  sync.Mutex
	values map[string]memo
	order  []string // keys, the oldest first
}

type memo struct {
	value []byte
	until time.Time
}

// mostKept is how many values a Memory holds: of links less than 100 MiB, as
// none is longer than link.Read reads.
const mostKept = 1024

func (m *Memory) Get(key string) ([]byte, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if v, ok := m.values[key]; ok && m.Now().Before(v.until) {
		return v.value, nil
	}
	return nil, nil
}

func (m *Memory) Put(key string, value []byte, lasting time.Duration) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.values == nil {
		m.values = map[string]memo{}
	}
	if _, again := m.values[key]; !again {
		m.order = append(m.order, key)
	}
	m.values[key] = memo{value, m.Now().Add(lasting)}
	m.order = slices.DeleteFunc(m.order, func(key string) bool {
		gone := len(m.values) > mostKept || !m.Now().Before(m.values[key].until)
		if gone {
			delete(m.values, key)
		}
		return gone
	})
	return nil
}
