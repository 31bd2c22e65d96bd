"""ImpairedWire: a network that loses and delays packets, the same way every time."""

import heapq
import random

from commands.simulated_calls.scenario import Network


class ImpairedWire:
    """One direction. Sans I/O: whoever carries the packets says what time it is (milliseconds)."""

    def __init__(self, network: Network, seed: int) -> None:
        self._network = network
        self._random = random.Random(seed)
        self._under_way: list[tuple[float, int, bytes]] = []
        self._sent = 0
        self.lost = 0
        self.overtaken = 0
        """Packets that arrived after a later one."""
        self._latest = -1

    def send(self, packet: bytes, now_ms: float) -> None:
        """Put a packet on the wire; it may get lost."""
        self._sent += 1
        if self._random.random() < self._network.loss:
            self.lost += 1
            return
        due_ms = now_ms + self._random.uniform(0, self._network.jitter_ms)
        heapq.heappush(self._under_way, (due_ms, self._sent, packet))

    def arrived(self, now_ms: float) -> list[bytes]:
        """Packets that have come out by now, in the order of their arrival."""
        packets = []
        while self._under_way and self._under_way[0][0] <= now_ms:
            _, number, packet = heapq.heappop(self._under_way)
            self.overtaken += number < self._latest
            self._latest = max(self._latest, number)
            packets.append(packet)
        return packets
