//! Requests about the member itself: status, defragmentation, hand-over of leadership.
//!
//! Source: etcd-io/etcd:server/etcdserver/api/v3rpc/maintenance.go.

use super::Member;
use super::requests::Client;
use crate::raft::NodeId;
use crate::wire::Cx;
use crate::wire::etcd::{EtcdRequest, EtcdResponse, ResponseHeader, StatusResponse};

impl Member {
    pub(super) fn operate(&mut self, cx: &mut Cx<'_>, client: Client, request: &EtcdRequest) {
        if let EtcdRequest::MoveLeader(to) = request {
            self.transfer(cx, client, NodeId(*to));
        } else if matches!(request, EtcdRequest::Defragment) {
            // Simplified: the real one blocks the member for as long as the file is rewritten.
            self.store.defragment();
            let header = ResponseHeader::at(self.store.revision());
            self.reply(cx, client, Ok(EtcdResponse::Defragment(header)));
        } else {
            let status = self.status();
            self.reply(cx, client, Ok(EtcdResponse::Status(status)));
        }
    }

    pub(super) fn reply_transferred(&mut self, cx: &mut Cx<'_>, client: Client) {
        let header = ResponseHeader::at(self.store.revision());
        self.reply(cx, client, Ok(EtcdResponse::MoveLeader(header)));
    }

    fn status(&self) -> StatusResponse {
        StatusResponse {
            header: ResponseHeader::at(self.store.revision()),
            db_size: self.store.db_size(),
            db_size_in_use: self.store.db_size_in_use(),
            leader: self.node.leader().map_or(0, |leader| leader.0),
            raft_index: self.node.commit(),
            raft_applied_index: self.node.applied_index(),
            errors: self.store.alarms().copied().collect(),
        }
    }
}
